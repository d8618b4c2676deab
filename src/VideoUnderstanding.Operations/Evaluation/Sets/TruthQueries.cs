using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.Words;
using VideoUnderstanding.Search;

namespace VideoUnderstanding.Operations.Evaluation.Sets;

/// <summary>Queries derived from a truth file: each spoken phrase, each shown line, and each visible thing if the queries file has no query
/// for the visual option.</summary>
internal static class TruthQueries
{
    /// <summary>Origin of the queries for speech.</summary>
    public const string Speech = "speech of the truth file, word by word";

    /// <summary>Origin of the queries for text on screen.</summary>
    public const string ScreenText = "screen text of the truth file";

    public static IEnumerable<EvaluationQuery> Derive(IReadOnlyList<EvaluationVideo> videos, IReadOnlyList<EvaluationQuery> written)
    {
        var heard = videos.SelectMany(
            video
                => video.Spoken.Select(phrase => new Piece(phrase.Text, phrase.Text, new RightSpan(video.File, phrase.Start, phrase.End))))
            .ToList();
        var shown = videos.SelectMany(video => video.Shown.SelectMany(text => text.Lines.Select(line
            => new Piece(line, string.Join(' ', text.Lines), new RightSpan(video.File, text.Start, text.End))))).ToList();
        var seen = videos.SelectMany(
            video => video.Seen.Select(thing => new Piece(thing.See, thing.See, new RightSpan(video.File, thing.Start, thing.End))))
            .ToList();
        IEnumerable<EvaluationQuery> visual = written.Any(query => query.Option == IndexOptions.Visual)
            ? []
            : Distinct(seen, IndexOptions.Visual, ConversationMatching.Semantic, "scenes of the truth file");
        return [.. visual,
            .. Distinct(heard, IndexOptions.Conversation, ConversationMatching.Semantic, Speech),
            .. Distinct(heard, IndexOptions.Conversation, ConversationMatching.ExactMatch, Speech),
            .. Distinct(shown, IndexOptions.TextInVideo, ConversationMatching.Semantic, ScreenText)];
    }

    /// <summary>One query for all pieces with the same words. Every place that contains these words in order is right.</summary>
    private static IEnumerable<EvaluationQuery> Distinct(List<Piece> pieces, string option, ConversationMatching matching, string origin)
        => pieces.GroupBy(piece => Plain(piece.Text)).Where(group => group.Key.Trim().Length > 0)
            .Select(group => new EvaluationQuery(group.First().Text, option, matching,
                [.. pieces.Where(piece => Plain(piece.Around).Contains(group.Key, StringComparison.Ordinal)).Select(piece => piece.Place)
                    .Distinct()], origin));

    /// <summary>Has blanks at both ends, so that only whole words are matched.</summary>
    private static string Plain(string text) => $" {string.Join(' ', PlainWords.Of(text))} ";

    /// <param name="Around">All words that are shown or spoken at the same time.</param>
    private sealed record Piece(string Text, string Around, RightSpan Place);
}
