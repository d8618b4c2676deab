namespace VideoUnderstanding.Inference.Manifest;

/// <summary>One file of a model, as the manifest lists it.</summary>
/// <param name="Path">Where it lies in the model's folder, with forward slashes.</param>
/// <param name="Address">Where it is fetched from; null for files that are only found or imported.</param>
/// <param name="Sha256">64 lower-case hexadecimal digits; empty when not known, then the first download is trusted and written
/// down.</param>
/// <param name="Size">Bytes; null when not known.</param>
/// <param name="Licence">The licence the file is given under.</param>
/// <param name="Optional">The model may do without it; used where an export may or may not keep weights in a second file.</param>
public sealed record ManifestFile(string Path, Uri? Address, string Sha256, long? Size, string Licence, bool Optional);
