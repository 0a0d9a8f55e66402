"""The verbs: every change of a hall, one function each, the same for page, API, socket and test.

A verb takes an open Change, checks the rules, writes rows and events. `opening` owns the transaction.
"""
