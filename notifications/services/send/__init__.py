"""Sending what is due by e-mail: lease, committed; ask again whether it is still so; send; mark.

Nothing is sent inside a transaction. A worker killed between sending and marking leaves a lease that runs out; the
next one sends the same mail with the same Message-ID.
"""
