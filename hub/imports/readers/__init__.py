"""One small file for each form that a catalogue may come in; each yields entries and rejects."""
