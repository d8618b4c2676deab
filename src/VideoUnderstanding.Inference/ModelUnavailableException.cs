namespace VideoUnderstanding.Inference;

/// <summary>A role has no usable model. The message says what is missing and which command fixes it.</summary>
public sealed class ModelUnavailableException(string message) : Exception(message);
