using System.ComponentModel.DataAnnotations;
using VideoUnderstanding.Data.Objects;

namespace VideoUnderstanding.Data.Storage;

/// <summary>The bucket that holds the files of the installation in place of the data folder. Section
/// <c>VideoUnderstanding:Storage:Bucket</c>.</summary>
public sealed class BucketOptions : ObjectEndpointOptions, IValidatableObject
{
    public const string Section = "VideoUnderstanding:Storage:Bucket";

    /// <summary>Longest life of an address that the signature of S3 allows.</summary>
    internal static readonly TimeSpan MaxAddressLife = TimeSpan.FromDays(7);

    /// <summary>The bucket, which must exist. Without a name the files are in the data folder.</summary>
    public string? Name { get; set; }

    /// <summary>Start of all keys, as <c>videos-of-the-office/</c>. Empty if the bucket belongs to this installation alone.</summary>
    public string Prefix { get; set; } = "";

    /// <summary>True if clients may reach the store: they are sent to a presigned address of it for an original file. Otherwise the server
    /// passes the content on.</summary>
    public bool PresignedDownloads { get; set; }

    /// <summary>Megabytes of local copies that FFmpeg reads. The least recently used ones are removed; copies in use are not.</summary>
    [Range(1, 100_000_000)]
    public int CacheMegabytes { get; set; } = 20_480;

    /// <summary>Megabytes of a part of an upload. Files up to this size are sent in one request.</summary>
    [Range(5, 5120)]
    public int PartMegabytes { get; set; } = 16;

    /// <summary>Hours after which an upload in parts that nobody has finished is aborted.</summary>
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
        foreach (var fault in EndpointFaults())
            yield return new ValidationResult(fault, [nameof(Endpoint)]);
    }
}
