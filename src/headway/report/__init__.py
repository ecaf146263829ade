"""How results are shown to a person: one offline HTML file."""
