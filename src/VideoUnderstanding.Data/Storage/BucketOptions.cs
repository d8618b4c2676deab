using System.ComponentModel.DataAnnotations;
using VideoUnderstanding.Data.Objects;

namespace VideoUnderstanding.Data.Storage;

/// <summary>The bucket that stores the installation's files instead of the data folder. Section
/// <c>VideoUnderstanding:Storage:Bucket</c>.</summary>
public sealed class BucketOptions : ObjectEndpointOptions, IValidatableObject
{
    public const string Section = "VideoUnderstanding:Storage:Bucket";

    /// <summary>Maximum lifetime of a presigned URL in S3.</summary>
    internal static readonly TimeSpan MaxAddressLife = TimeSpan.FromDays(7);

    /// <summary>Name of an existing bucket; empty to use the data folder.</summary>
    public string? Name { get; set; }

    /// <summary>Prefix of all keys, for example <c>videos-of-the-office/</c>; empty if the bucket belongs to this installation
    /// alone.</summary>
    public string Prefix { get; set; } = "";

    /// <summary>True redirects downloads of original files to presigned URLs of the store, which clients must be able to reach. Otherwise
    /// the server sends the content.</summary>
    public bool PresignedDownloads { get; set; }

    /// <summary>Size of the cache of local copies for FFmpeg in megabytes. The least recently used unused copies are removed.</summary>
    [Range(1, 100_000_000)]
    public int CacheMegabytes { get; set; } = 20_480;

    /// <summary>Part size of multipart uploads in megabytes. Smaller files are sent in one request.</summary>
    [Range(5, 5120)]
    public int PartMegabytes { get; set; } = 16;

    /// <summary>Hours after which an unfinished multipart upload is aborted.</summary>
    [Range(1, 8760)]
    public int UnfinishedUploadHours { get; set; } = 24;

    public bool IsUsed => !string.IsNullOrEmpty(Name);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!IsUsed)
            yield break;
        if (!BucketPattern.IsValid(Name!) || Name!.Contains('*'))
            yield return new ValidationResult($"Name: '{Name}' can not be the name of a bucket.", [nameof(Name)]);
        if (Prefix.Length > 0 && (!Prefix.EndsWith('/') || Prefix.StartsWith('/') || Prefix.Contains("//", StringComparison.Ordinal)))
            yield return new ValidationResult("Prefix must be empty, or end and not begin with a slash.", [nameof(Prefix)]);
        foreach (var error in EndpointErrors())
            yield return new ValidationResult(error, [nameof(Endpoint)]);
    }
}
