"""Rules are data: packs, their schema, and the proof that each rule carries."""
