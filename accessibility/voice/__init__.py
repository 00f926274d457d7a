"""Speech: text to sound, in Mandarin and English, without network and at the listener's own pace."""
