"""What grading and asking share: words, stems, polarity, retrieval."""
