using VideoUnderstanding.Search;

namespace VideoUnderstanding.Operations.Evaluation.Sets;

/// <summary>A query and all its right spans in the set.</summary>
/// <param name="Text">The text; for a picture its name in the set.</param>
/// <param name="Option">One of <see cref="Data.Entities.IndexOptions"/> except logos, <see cref="Sound"/>, or
/// <see cref="Picture"/>.</param>
/// <param name="Right">Empty for an absurd query, which nothing in the set answers.</param>
/// <param name="Origin">Source of the query; reports group by it.</param>
public sealed record EvaluationQuery(
    string Text, string Option, ConversationMatching Matching, IReadOnlyList<RightSpan> Right, string Origin)
{
    /// <summary>Queries for sounds other than speech. The API has no such option: they use the option <c>visual</c> and are evaluated
    /// separately.</summary>
    public const string Sound = "sound";

    /// <summary>Queries by a picture instead of a text: moments that look like it. They use the search by picture.</summary>
    public const string Picture = "picture";

    /// <summary>Path of the picture file; null for a text.</summary>
    public string? PicturePath { get; init; }

    /// <summary>The option of the API that answers the query.</summary>
    public string ApiOption => ApiOptionOf(Option);

    internal static string ApiOptionOf(string option) => option is Sound or Picture ? Data.Entities.IndexOptions.Visual : option;

    public bool IsAbsurd => Right.Count == 0;
}

/// <summary>A part of a video that answers a query, in seconds.</summary>
/// <param name="File">Name of the video in the set.</param>
public sealed record RightSpan(string File, double Start, double End);
