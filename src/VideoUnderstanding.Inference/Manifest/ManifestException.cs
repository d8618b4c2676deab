namespace VideoUnderstanding.Inference.Manifest;

/// <summary>The manifest can not be used. The message names the file and the place in it.</summary>
public sealed class ManifestException(string message) : Exception(message);
