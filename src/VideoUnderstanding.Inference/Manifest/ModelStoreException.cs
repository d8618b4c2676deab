namespace VideoUnderstanding.Inference.Manifest;

/// <summary>A model file could not be had. The message is a sentence for the person at the keyboard.</summary>
public sealed class ModelStoreException(string message) : Exception(message);
