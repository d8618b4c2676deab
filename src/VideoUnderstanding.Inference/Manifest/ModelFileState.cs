namespace VideoUnderstanding.Inference.Manifest;

/// <summary>State of one file of a profile on this machine.</summary>
/// <param name="FullPath">Its actual or intended path.</param>
/// <param name="Size">Bytes on disk; null if the file is missing.</param>
/// <param name="Sha256">Hash of the file on disk; null if it was not computed.</param>
public sealed record ModelFileState(
    ModelRole Role, string ModelId, ManifestFile File, string FullPath, ModelFileCondition Condition, long? Size, string? Sha256)
{
    /// <summary>False if the model cannot be used because of this file.</summary>
    public bool IsGood => Condition is not (ModelFileCondition.Missing or ModelFileCondition.WrongSize or ModelFileCondition.WrongHash);
}

public enum ModelFileCondition
{
    /// <summary>Present; the hash was not checked.</summary>
    Present,
    /// <summary>Missing and required.</summary>
    Missing,
    /// <summary>Missing and optional.</summary>
    NotNeeded,
    /// <summary>Present with another size than in the manifest.</summary>
    WrongSize,
    /// <summary>Present with another hash than in the manifest or the recorded one.</summary>
    WrongHash,
    /// <summary>Present with the hash of the manifest or the recorded one.</summary>
    Verified,
    /// <summary>Present, but there is neither a hash in the manifest nor a recorded one.</summary>
    NoHashKnown,
    /// <summary>Downloaded or copied now, with the expected hash.</summary>
    Added,
    /// <summary>Downloaded, copied or accepted now. No hash was known, so this one was recorded and is trusted.</summary>
    AddedAndTrusted,
}
