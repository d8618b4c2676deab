using System.Text.Json.Nodes;

namespace VideoUnderstanding.Search.Filters;

/// <summary>Conditions on videos that all must hold. CONTRACT 7.5.</summary>
public sealed record VideoFilter(IReadOnlyList<FilterCondition> Conditions)
{
    public static VideoFilter None { get; } = new([]);
}

/// <summary>One condition of a filter.</summary>
public abstract record FilterCondition;

/// <summary>The video is one of these.</summary>
public sealed record VideoIsOneOf(IReadOnlyList<string> Ids) : FilterCondition;

/// <summary>A number lies between two bounds, both included; null is no bound.</summary>
/// <param name="Field">A name of <see cref="VideoFields"/>, or of a custom field.</param>
public sealed record NumberBetween(string Field, double? AtLeast, double? AtMost) : FilterCondition;

/// <summary>A field is equal to a text, a number or a boolean.</summary>
/// <param name="Field">A name of <see cref="VideoFields"/>, or of a custom field.</param>
/// <param name="Value">As JSON, because a custom number is compared to its last digit. A number of <see cref="VideoFields"/> holds a
/// <see cref="double"/>.</param>
public sealed record FieldEquals(string Field, JsonNode Value) : FilterCondition;

/// <summary>The fields that every video has; all other names are custom metadata.</summary>
public static class VideoFields
{
    public const string Id = "id";
    public const string Duration = "duration";

    /// <summary>Wire name of a number and the column that holds it.</summary>
    public static IReadOnlyDictionary<string, string> Numbers { get; } = new Dictionary<string, string>
    {
        [Duration] = "duration",
        ["width"] = "width",
        ["height"] = "height",
        ["size"] = "size",
        ["fps"] = "frames_per_second",
    };

    /// <summary>Wire name of a text and the column that holds its <see cref="Data.Words.NormalForm"/>.</summary>
    public static IReadOnlyDictionary<string, string> Texts { get; } = new Dictionary<string, string>
    {
        ["title"] = "normal_title",
        ["filename"] = "normal_filename",
    };
}
