using VideoUnderstanding.Search;

namespace VideoUnderstanding.Server.Evaluation.Sets;

/// <summary>A query and everything in the set that answers it.</summary>
/// <param name="Option">One of <see cref="Data.Entities.IndexOptions"/>, without the logos.</param>
/// <param name="Right">Empty: an absurd query, which nothing in the set answers.</param>
/// <param name="Origin">Where query and answers come from, for people.</param>
public sealed record EvaluationQuery(string Text, string Option, ConversationMatching Matching, IReadOnlyList<RightSpan> Right, string Origin)
{
    public bool IsAbsurd => Right.Count == 0;
}

/// <summary>A part of a video that answers a query; seconds from the video's start.</summary>
/// <param name="File">Name of the video inside the set.</param>
public sealed record RightSpan(string File, double Start, double End);
