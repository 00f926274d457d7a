"""The learning companion 学伴: questions answered from the library's own passages, and only from them. Pure."""
