"""Quality of what departments send: measured while it is judged, compared with its history.

meter      counts, chunk by chunk, what the intake sees of a file
shapes     what values look like, as small whole numbers
profile    how often each shape occurs in a field of a batch
departure  whether a profile departs from the feed's history
report     the rows that commit with the receipt
alarms     opened, acknowledged, closed by themselves
figures    sums by day, feed, category and department
mending    what a department should mend first
coverage   which categories enterprises have
"""
