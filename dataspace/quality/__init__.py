"""Quality and supply 质量与供给: what good data are, how good these are, and what follows from it.

`kinds` says which rules there are in the six dimensions of GB/T 36344, `rules` which apply to a
resource, `scoring` what their findings come to; `supply` compares an update with its cycle,
`proposing` reads metadata out of data, and `machines` says how a work order and an objection run.
"""
