"""Figures of the register for everybody: new enterprises and conversions, behind the floor.

`facts` reads the register into counts of its smallest cells; `tables` adds them up by one or two
dimensions; `hiding` decides which figures are shown, and how.
"""
