namespace VideoUnderstanding.Inference.Manifest;

/// <summary>What is known of one file of a profile on this machine.</summary>
/// <param name="FullPath">Where it is, or would be.</param>
/// <param name="Size">Bytes on disk; null when it is not there.</param>
/// <param name="Sha256">Hash of what is on disk, where it was computed.</param>
public sealed record ModelFileState(
    ModelRole Role, string ModelId, ManifestFile File, string FullPath, ModelFileCondition Condition, long? Size, string? Sha256)
{
    /// <summary>False when the model can not be used because of this file.</summary>
    public bool IsGood => Condition is not (ModelFileCondition.Missing or ModelFileCondition.WrongSize or ModelFileCondition.WrongHash);
}

public enum ModelFileCondition
{
    /// <summary>There; its hash was not looked at.</summary>
    Present,
    /// <summary>Not there, and the model needs it.</summary>
    Missing,
    /// <summary>Not there, and the model may do without it.</summary>
    NotNeeded,
    /// <summary>There with another length than the manifest gives.</summary>
    WrongSize,
    /// <summary>There with another hash than the manifest gives or was trusted before.</summary>
    WrongHash,
    /// <summary>There with the hash that the manifest gives or was trusted before.</summary>
    Verified,
    /// <summary>There, but neither the manifest nor an earlier download says which hash it should have.</summary>
    NoHashKnown,
    /// <summary>Downloaded or copied now; its hash is the one that was expected.</summary>
    Added,
    /// <summary>Downloaded, copied or accepted now; no hash was known, so this one was trusted and written down.</summary>
    AddedAndTrusted,
}
