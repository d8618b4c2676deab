using System.Text.Json.Nodes;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Inference;
using VideoUnderstanding.Search;
using VideoUnderstanding.Operations.Evaluation;
using VideoUnderstanding.Operations.Evaluation.Metrics;
using VideoUnderstanding.Operations.Evaluation.Pooling;
using VideoUnderstanding.Operations.Evaluation.Reports;
using VideoUnderstanding.Operations.Evaluation.Sets;

namespace VideoUnderstanding.UnitTests.Operations.Evaluation;

public sealed class EvaluationReportTests
{
    [Fact]
    public void Tables_show_the_figures_and_a_dash_where_there_is_nothing_to_measure()
    {
        var text = ReportText.Format(Report());

        Assert.Contains("Set harbour, profile tiny: 2 videos indexed, 1 left out.", text);
        Assert.Contains("| VisualText | eye   | 0123 |", text);
        Assert.Contains("Left out: c.m4a: it has no pictures.", text);
        Assert.Contains("| visual     | 1       | 1.00     | 1.00     | 1.00     | 1.00     | 1.00                  |", text);
        Assert.Contains("| nothing    | 0       | -        | -        | -        | -        | -                     |", text);
        Assert.Contains("| best frame | 1       | 1.00     | 1.00     | 1.00     | -        | -                     |", text);
        Assert.Contains("1.00 (1 of 1)", text);
        Assert.DoesNotContain("pooling", text);
    }

    [Fact]
    public void The_json_has_the_figures_of_the_tables()
    {
        var profile = JsonNode.Parse(Report().ToJson())!["profiles"]![0]!;

        Assert.Equal("tiny", (string?)profile["profile"]);
        Assert.Equal(("visual_text", "ab"),
            ((string?)profile["models"]![0]!["role"], (string?)profile["models"]![0]!["files"]!["eye.onnx"]));
        Assert.Equal(1, (double)profile["options"]![0]!["recall_at1"]!);
        Assert.Equal("high", (string?)profile["options"]![0]!["levels"]![0]!["level"]);
        Assert.Null(profile["options"]![1]!["calibration_error"]);
    }

    [Fact]
    public void Queries_for_omitted_videos_are_skipped()
    {
        var kept = EvaluationRun.Answerable(
            [Outcomes.Query(new RightSpan("a", 0, 1), new RightSpan("b", 0, 1)), Outcomes.Query(new RightSpan("b", 0, 1)),
                Outcomes.Query()], ["a"]);

        Assert.Equal(2, kept.Count);
        Assert.Equal([new("a", 0, 1)], kept[0].Right);
        Assert.True(kept[1].IsAbsurd);
    }

    [Theory]
    [InlineData(IndexOptions.Visual, ConversationMatching.Semantic, "", "visual")]
    [InlineData(IndexOptions.TextInVideo, ConversationMatching.Semantic, "", "text_in_video")]
    [InlineData(IndexOptions.Conversation, ConversationMatching.ExactMatch, TruthQueries.Speech, "conversation, exact")]
    [InlineData(IndexOptions.Conversation, ConversationMatching.Semantic, TruthQueries.Speech, "conversation, word by word")]
    [InlineData(IndexOptions.Conversation, ConversationMatching.Semantic, "by hand", "conversation, by meaning")]
    public void Queries_are_grouped_by_option_and_kind(string option, ConversationMatching matching, string origin, string group)
        => Assert.Equal(group, EvaluationRun.GroupOf(new EvaluationQuery("q", option, matching, [], origin)));

    [Fact]
    public void A_query_is_a_moment_query_if_no_whole_video_is_right()
    {
        var durations = new Dictionary<string, double?> { ["a"] = 10, ["b"] = 100, ["c"] = null };

        Assert.True(
            EvaluationRun.IsMomentQuery(Outcomes.Query(new RightSpan("a", 1, 8.9), new RightSpan("b", 0, 10), new RightSpan("c", 0, 10)),
                durations));
        Assert.False(EvaluationRun.IsMomentQuery(Outcomes.Query(new RightSpan("a", 1, 9), new RightSpan("b", 0, 10)), durations));
    }

    private static EvaluationReport Report() => new("harbour",
    [
        new ProfileReport("tiny",
            [new ModelFacts(ModelRole.VisualText, "eye", "0123", new Dictionary<string, string> { ["eye.onnx"] = "ab" })], 2,
            [new LeftOut("c.m4a", "it has no pictures.")], 0,
            [
                GroupFigures.Compute("visual", [Outcomes.Outcome(Outcomes.RightA, Outcomes.Scored(90, true))]),
                GroupFigures.Compute("nothing", []),
            ],
            [BestFrames.Figures(BestFrames.Cosine, [Outcomes.Outcome(Outcomes.RightA, new Answer("a", 5, 5, 90))])], []),
    ]);
}
