using System.Text.Json.Nodes;

namespace VideoUnderstanding.Search.Filters;

/// <summary>Conditions on videos, combined with AND. CONTRACT 7.5.</summary>
public sealed record VideoFilter(IReadOnlyList<FilterCondition> Conditions)
{
    public static VideoFilter None { get; } = new([]);
}

/// <summary>One condition of a filter.</summary>
public abstract record FilterCondition;

/// <summary>The video has one of these ids.</summary>
public sealed record VideoIsOneOf(IReadOnlyList<string> Ids) : FilterCondition;

/// <summary>A number lies between two inclusive bounds; null means no bound.</summary>
/// <param name="Field">A name of <see cref="VideoFields"/>, or of a custom field.</param>
public sealed record NumberBetween(string Field, double? AtLeast, double? AtMost) : FilterCondition;

/// <summary>A field equals a text, a number or a boolean.</summary>
/// <param name="Field">A name of <see cref="VideoFields"/>, or of a custom field.</param>
/// <param name="Value">JSON, because custom numbers are compared with all their digits. For a number of <see cref="VideoFields"/> it holds
/// a <see cref="double"/>.</param>
public sealed record FieldEquals(string Field, JsonNode Value) : FilterCondition;

/// <summary>The built-in fields of a video; all other names are custom metadata.</summary>
public static class VideoFields
{
    public const string Id = "id";
    public const string Duration = "duration";

    /// <summary>API names of number fields and their columns.</summary>
    public static IReadOnlyDictionary<string, string> Numbers { get; } = new Dictionary<string, string>
    {
        [Duration] = "duration",
        ["width"] = "width",
        ["height"] = "height",
        ["size"] = "size",
        ["fps"] = "frames_per_second",
    };

    /// <summary>API names of text fields and the columns with their <see cref="Data.Words.NormalForm"/>.</summary>
    public static IReadOnlyDictionary<string, string> Texts { get; } = new Dictionary<string, string>
    {
        ["title"] = "normal_title",
        ["filename"] = "normal_filename",
    };
}
