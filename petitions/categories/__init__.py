"""What sort of matter a text is about: a suggestion, learnt from what people said of others."""
