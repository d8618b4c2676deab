using System.ComponentModel.DataAnnotations;
using System.IO.Enumeration;

namespace VideoUnderstanding.Data.Objects;

/// <summary>Settings of transfers. Section <c>VideoUnderstanding:Transfers</c>.</summary>
public sealed class TransferOptions : IValidatableObject
{
    public const string Section = "VideoUnderstanding:Transfers";

    /// <summary>Maximum size of a transfer's JSON file in bytes.</summary>
    [Range(2, 64 * 1024 * 1024)]
    public int MaxFileBytes { get; set; } = 1024 * 1024;

    /// <summary>Maximum elements of a transfer's JSON file.</summary>
    [Range(1, 100_000)]
    public int MaxElements { get; set; } = 1000;

    /// <summary>Folder of this machine for <c>file://</c> addresses; null rejects them. Every API key can read all of it.</summary>
    public string? FileRoot { get; set; }

    /// <summary>Integrations for <c>s3://</c> addresses, by a name for messages. Without any, these addresses are rejected.</summary>
    public Dictionary<string, ObjectIntegrationOptions> Integrations { get; set; } = [];

    /// <summary>Returns the integration with the most specific pattern for a bucket; null without one.</summary>
    public KeyValuePair<string, ObjectIntegrationOptions>? IntegrationFor(string bucket)
    {
        var fitting = Integrations
            .SelectMany(one => one.Value.Buckets.Where(pattern => BucketPattern.Matches(pattern, bucket))
                .Select(pattern => (one, Pattern: pattern)))
            .OrderByDescending(found => BucketPattern.Precision(found.Pattern)).ThenBy(found => found.one.Key, StringComparer.Ordinal)
            .ToList();
        return fitting.Count == 0 ? null : fitting[0].one;
    }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (FileRoot is { Length: > 0 }
            && (!Path.IsPathFullyQualified(FileRoot) || Path.GetFullPath(FileRoot) == Path.GetPathRoot(FileRoot)))
            yield return new ValidationResult($"FileRoot: {FileRoot} is not the full path of a folder below the root.", [nameof(FileRoot)]);
        foreach (var (name, integration) in Integrations)
            foreach (var sentence in integration.ValidationErrors())
                yield return new ValidationResult($"Integrations:{name}: {sentence}", [nameof(Integrations)]);
    }
}

/// <summary>An object store and the buckets that are read from it. Section
/// <c>VideoUnderstanding:Transfers:Integrations:{name}</c>.</summary>
public sealed class ObjectIntegrationOptions : ObjectEndpointOptions
{
    /// <summary>Buckets of this integration: names, or patterns with <c>*</c>.</summary>
    public IList<string> Buckets { get; } = [];

    /// <summary>True for public buckets, whose requests are not signed.</summary>
    public bool Anonymous { get; set; }

    /// <summary>True allows an endpoint in a private network. Otherwise the rules of <c>VideoUnderstanding:Fetching</c> apply.</summary>
    public bool AllowPrivateNetwork { get; set; }

    /// <summary>Returns the validation errors of these settings.</summary>
    public IEnumerable<string> ValidationErrors()
    {
        if (Buckets.Count == 0)
            yield return "Buckets must name at least one bucket or pattern; * stands for all.";
        foreach (var pattern in Buckets.Where(pattern => !BucketPattern.IsValid(pattern)))
            yield return $"Buckets: '{pattern}' can not be part of the name of a bucket.";
        foreach (var error in EndpointErrors())
            yield return error;
        if (Anonymous && !string.IsNullOrEmpty(AccessKey))
            yield return "Anonymous excludes AccessKey and SecretKey.";
    }
}

/// <summary>Bucket names in settings; <c>*</c> matches any characters.</summary>
internal static class BucketPattern
{
    public static bool IsValid(string pattern)
        => pattern.Length > 0 && pattern.All(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '-' or '_' or '*');

    public static bool Matches(string pattern, string bucket) => FileSystemName.MatchesSimpleExpression(pattern, bucket, ignoreCase: false);

    /// <summary>Returns the specificity of a pattern: highest for a name without <c>*</c>, otherwise the number of fixed
    /// characters.</summary>
    public static int Precision(string pattern) => pattern.Contains('*') ? pattern.Count(character => character != '*') : int.MaxValue;
}
