"""The verbs: every change of a hall, one function each, the same for page, API, socket and test.

A verb opens the journal, checks the rules, writes rows and events. The caller owns the transaction.
"""
