"""Tidehall: tickets, calls, bookings, boards, and windows that flip with the tide of demand."""
