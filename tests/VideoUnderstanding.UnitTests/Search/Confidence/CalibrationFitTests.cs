using VideoUnderstanding.Inference.Confidence;
using VideoUnderstanding.Operations.Evaluation.Calibrating;
using VideoUnderstanding.Search.Confidence;
using VideoUnderstanding.Search.Scoring;

namespace VideoUnderstanding.UnitTests.Search.Confidence;

public sealed class CalibrationFitTests
{
    [Fact]
    public void Isotonic_regression_gives_the_least_squares_solution()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var right = Enumerable.Range(0, random.Next(1, 9)).Select(_ => random.Next(2) == 1).ToArray();

            var fitted = IsotonicFit.Of(right.Select((isRight, i) => new JudgedMatch("q", "v", i, isRight)))
                .SelectMany(step => Enumerable.Repeat(step.Share, step.Pairs)).ToList();

            Assert.Equal(right.Length, fitted.Count);
            Assert.Equal(fitted.Order(), fitted);
            Assert.Equal(MinError(right), fitted.Zip(right, (share, isRight) => Math.Pow(share - (isRight ? 1 : 0), 2)).Sum(), 9);
        }
    }

    [Fact]
    public void Equal_evidence_is_one_step_in_any_order()
    {
        JudgedMatch[] matches = [Match(1, true), Match(1, false), Match(1, true), Match(0, false)];

        Assert.Equal(IsotonicFit.Of(matches), IsotonicFit.Of(matches.Reverse()));
        Assert.Equal([0, 2.0 / 3], IsotonicFit.Of(matches).Select(step => step.Share));
    }

    [Fact]
    public void A_map_is_monotone_and_between_0_and_100()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var map = CalibrationFit.Of(Drawn(seed, 300))?.ToMap();
            if (map is null)
                continue;
            var scores = Enumerable.Range(-200, 600).Select(i => map.ScoreOf(0, i / 20.0)).ToList();
            Assert.Equal(scores.Order(), scores);
            Assert.All(scores, score => Assert.InRange(score, 0, 100));
        }
    }

    [Fact]
    public void Levels_keep_their_precision_on_matches_that_were_not_fitted()
    {
        var map = CalibrationFit.Of(Drawn(1, 4000))!.ToMap();

        var levels = Drawn(2, 4000).ToLookup(match => MatchLevels.Of(map.ScoreOf(0, match.Evidence)), match => match.IsRight ? 1.0 : 0);

        Assert.InRange(levels[MatchLevel.High].Average(), 0.87, 1);
        Assert.InRange(levels[MatchLevel.Medium].Average(), 0.65, 0.92);
        // Low concerns the whole answer at the default threshold. Here half of all matches are right, so all may be returned.
        Assert.InRange(levels.Where(level => level.Key >= MatchLevel.Low).SelectMany(level => level).Average(), 0.38, 0.6);
    }

    [Fact]
    public void The_precision_of_answers_at_level_low_does_not_depend_on_the_number_of_absurd_queries()
    {
        // One right match in ten below a standing of 3, nine in ten above.
        List<JudgedMatch> real = [.. Enumerable.Range(0, 2000).Select(i => Match(i * 0.003, i < 1000 ? i % 10 == 0 : i % 10 != 0))];
        JudgedMatch Absurd(int query, double standing) => new($"absurd {query}", "v", standing, false, IsAbsurd: true);
        List<JudgedMatch> few = [.. real, .. Enumerable.Range(0, 10).Select(i => Absurd(i, 1))],
            many = [.. real, .. Enumerable.Range(0, 5000).Select(i => Absurd(i, 1))];

        var (some, more) = (CalibrationFit.Of(few)!.ToMap(), CalibrationFit.Of(many)!.ToMap());

        var answered = real.Where(match => MatchLevels.Of(some.ScoreOf(0, match.Evidence)) != MatchLevel.None).ToList();
        Assert.InRange(answered.Average(match => match.IsRight ? 1.0 : 0), 0.39, 0.6);
        Assert.Equal(some.ScoreOf(0, 2), more.ScoreOf(0, 2), 0);
    }

    [Fact]
    public void No_match_of_an_absurd_query_is_high()
    {
        var matches = Drawn(3, 1000);
        matches.Add(new JudgedMatch("absurd", "v", 5.5, false, IsAbsurd: true));
        matches.AddRange(Enumerable.Range(0, 40).Select(i => Match(6 + i * 0.01, true)));

        var map = CalibrationFit.Of(matches)!.ToMap();

        Assert.NotEqual(MatchLevel.High, MatchLevels.Of(map.ScoreOf(0, 5.5)));
        Assert.Equal(MatchLevel.High, MatchLevels.Of(map.ScoreOf(0, 6.2)));
    }

    [Fact]
    public void A_set_whose_absurd_queries_score_highest_has_no_level_high()
    {
        var matches = Drawn(4, 1000);
        matches.Add(new JudgedMatch("absurd", "v", 50, false, IsAbsurd: true));

        Assert.NotEqual(MatchLevel.High, MatchLevels.Of(CalibrationFit.Of(matches)!.ToMap().ScoreOf(0, 60)));
    }

    [Fact]
    public void The_evidence_that_ranks_right_matches_higher_is_chosen()
    {
        var good = Drawn(6, 500);
        List<JudgedMatch> poor = [.. good.Select((match, i) => match with { Evidence = i % 17 })];

        Assert.Equal(EvidenceKind.Cosine, CalibrationFit.Choose(poor, good).Kind);
        Assert.Equal(EvidenceKind.NormalizedScore, CalibrationFit.Choose(good, poor).Kind);
    }

    [Fact]
    public void Average_precision_is_that_of_the_ranking()
    {
        // Right at ranks 1 and 3: (1/1 + 2/3) / 2. Equal evidence counts as one rank.
        Assert.Equal((1 + 2.0 / 3) / 2,
            CalibrationFit.AveragePrecision([Match(0.9, true), Match(0.8, false), Match(0.7, true), Match(0.1, false)]), 9);
        Assert.Equal(0.5, CalibrationFit.AveragePrecision([Match(0.9, true), Match(0.9, false)]), 9);
        Assert.Equal(0, CalibrationFit.AveragePrecision([Match(0.9, false)]));
    }

    [Fact]
    public void A_map_of_cosines_needs_no_normalised_score()
    {
        var map = CalibrationFit.Of([.. Drawn(7, 2000).Select(match => match with { Evidence = match.Evidence / 10, Spread = 0.1 })],
            EvidenceKind.Cosine)!.ToMap();

        Assert.False(map.NeedsNormalizedScore);
        Assert.Equal(MatchLevel.High, MatchLevels.Of(map.ScoreOf(0.6, 0)));
        Assert.Equal(MatchLevel.None, MatchLevels.Of(map.ScoreOf(0, 0)));
    }

    [Fact]
    public void Too_few_matches_give_no_map()
    {
        Assert.Null(CalibrationFit.Of(Drawn(1, CalibrationFit.MinPairs - 1)));
        Assert.Null(CalibrationFit.Of([.. Enumerable.Range(0, 200).Select(i => Match(i, true))]));
    }

    [Fact]
    public void Without_a_measurement_nothing_is_high()
    {
        var map = ScoreMap.Provisional(new([new(0, 0), new(0.3, 100)]));

        Assert.Equal(MatchLevel.Medium, MatchLevels.Of(MatchLevels.Round(map.ScoreOf(0.9, 20))));
        // Even a high cosine gives no level if generic captions have a similar cosine.
        Assert.Equal(MatchLevel.None, MatchLevels.Of(map.ScoreOf(0.9, 1.5)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Cross_validation_leaves_out_the_video_and_the_query(bool isVideo)
    {
        // In one video, or for one query, the model is confident and wrong. A map fitted with these matches would score them lower.
        List<JudgedMatch> matches = [.. Drawn(5, 600),
            .. Enumerable.Range(0, 30)
                .Select(i => isVideo ? new JudgedMatch($"q{i % 20}", "odd", 6 + i * 0.1, false)
                    : new JudgedMatch("odd", $"v{i % 7}", 6 + i * 0.1, false))];

        var rows = Reliability.OfUnseen(matches);

        Assert.Equal(matches.Count, rows.Sum(row => row.Matches));
        var high = rows.Single(row => row.Level == MatchLevel.High);
        Assert.True(high.Matches - high.Right >= 30);
    }

    [Theory]
    [InlineData(10, 9, 0, 0, MatchLevel.High)]
    [InlineData(9, 9, 0, 0, MatchLevel.Low)]
    [InlineData(14, 9, 60, 45, MatchLevel.Medium)]
    [InlineData(9, 9, 1, 0, MatchLevel.Medium)]
    [InlineData(8, 6, 23, 12, MatchLevel.Low)]
    [InlineData(0, 0, 0, 0, MatchLevel.Low)]
    public void A_level_is_supported_by_enough_unseen_matches_of_its_precision(
        int high, int rightHigh, int medium, int rightMedium, MatchLevel expected)
    {
        ReliabilityRow[] rows =
        [
            new(MatchLevel.High, high, rightHigh, 0), new(MatchLevel.Medium, medium, rightMedium, 0), new(MatchLevel.Low, 100, 90, 0),
            new(MatchLevel.None, 100, 0, 0),
        ];

        Assert.Equal(expected, Reliability.HighestSupported(rows));
    }

    [Theory]
    [InlineData(MatchLevel.High)]
    [InlineData(MatchLevel.Medium)]
    [InlineData(MatchLevel.Low)]
    public void A_map_gives_no_level_above_the_highest_one_that_is_allowed(MatchLevel highest)
    {
        var map = CalibrationFit.Of(Drawn(1, 4000), highest: highest)!.ToMap();

        Assert.Equal(highest, MatchLevels.Of(MatchLevels.Round(map.ScoreOf(0, 60))));
        Assert.Equal(0, Reliability.OfUnseen(Drawn(1, 500), highest: highest).Where(row => row.Level > highest).Sum(row => row.Matches));
    }

    [Fact]
    public void Upper_levels_come_from_the_cosine_where_only_the_cosine_keeps_their_precision()
    {
        // Standings rank well, but the highest ones are wrong half of the time; high cosines are always right.
        var drawn = Drawn(8, 2000);
        List<JudgedMatch> byNormalizedScore = [.. drawn.Select((match, i)
            => match with { IsRight = match.Evidence < 5 ? match.IsRight : i % 2 == 0 })];
        List<JudgedMatch> byCosine = [.. byNormalizedScore.Select((match, i)
            => match with { Evidence = match.IsRight && i % 11 == 0 ? 0.8 + i / 100_000.0 : i % 97 / 200.0, Spread = 0.1 })];

        var found = RoleFindings.Fit(EvidenceRole.Visual, "model", 20, new MeasuredMatches(byNormalizedScore, byCosine));

        Assert.Equal(EvidenceKind.NormalizedScore, found.Kind);
        var map = found.Fitted!.ToMap();
        Assert.Equal(MatchLevel.High, MatchLevels.Of(map.ScoreOf(0.9, 0)));
        Assert.Equal(MatchLevel.Low, MatchLevels.Of(MatchLevels.Round(map.ScoreOf(0.3, 6))));
        Assert.Equal(MatchLevel.None, MatchLevels.Of(map.ScoreOf(0.3, -1)));
        Assert.InRange(found.Reliability.Single(row => row.Level == MatchLevel.High).Precision!.Value, 0.9, 1);
    }

    private static JudgedMatch Match(double standing, bool right) => new("q", "v", standing, right);

    /// <summary>Matches whose probability to be right rises with their standing, 0 to 6.</summary>
    private static List<JudgedMatch> Drawn(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            var standing = random.NextDouble() * 6;
            return new JudgedMatch($"q{i % 20}", $"v{i % 7}", standing, random.NextDouble() < 1 / (1 + Math.Exp(-2 * (standing - 3))));
        })];
    }

    /// <summary>Returns the minimum squared error of all ascending step functions, found exhaustively.</summary>
    private static double MinError(bool[] right)
    {
        var minError = double.MaxValue;
        for (var cuts = 0; cuts < 1 << (right.Length - 1); cuts++)
        {
            var (error, last, ascending, first) = (0.0, -1.0, true, 0);
            for (var i = 0; i < right.Length; i++)
            {
                if (i < right.Length - 1 && (cuts >> i & 1) == 0)
                    continue;
                var step = right[first..(i + 1)].Select(isRight => isRight ? 1.0 : 0).ToList();
                ascending &= step.Average() >= last;
                last = step.Average();
                error += step.Sum(value => Math.Pow(value - last, 2));
                first = i + 1;
            }
            if (ascending)
                minError = Math.Min(minError, error);
        }
        return minError;
    }
}
