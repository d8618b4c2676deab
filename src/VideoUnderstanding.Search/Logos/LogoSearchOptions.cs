using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace VideoUnderstanding.Search.Logos;

/// <summary>Thresholds of the logo search. Section <c>VideoUnderstanding:LogoSearch</c>.</summary>
public sealed class LogoSearchOptions
{
    public const string Section = "VideoUnderstanding:LogoSearch";

    /// <summary>Used for visual models without a measured value.</summary>
    public const double DefaultSimilarity = 0.9;

    /// <summary>
    /// Minimum cosine, 0.1 to 0.999, between a frame region and a logo of the gallery. Null uses the manifest's value for the index's
    /// visual model, or <see cref="DefaultSimilarity"/>.
    /// </summary>
    [Range(0.1, 0.999)]
    public double? MinSimilarity { get; set; }

    /// <summary>Detections of a brand with a gap of at most this many seconds are merged: the logo may be covered or blurred
    /// briefly.</summary>
    [Range(0, 60)]
    public double BridgedSeconds { get; set; } = 2;

    /// <summary>Path of a brand list that replaces the built-in list for screen text: one brand per line, further spellings separated by
    /// <c>|</c>.</summary>
    public string? BrandWordsFile { get; set; }
}

/// <summary>Stops the server at start if the configured brand list does not exist.</summary>
internal sealed class LogoSearchOptionsValidator : IValidateOptions<LogoSearchOptions>
{
    public ValidateOptionsResult Validate(string? name, LogoSearchOptions options)
        => options.BrandWordsFile is { } file && !File.Exists(file)
            ? ValidateOptionsResult.Fail($"{LogoSearchOptions.Section}:BrandWordsFile names {file}, but there is no such file.")
            : ValidateOptionsResult.Success;
}
