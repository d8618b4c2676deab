using VideoUnderstanding.Data.SearchTables;
using VideoUnderstanding.Search;
using VideoUnderstanding.Search.Confidence;
using VideoUnderstanding.Search.Filters;
using VideoUnderstanding.Search.Logos;
using VideoUnderstanding.Search.Moments;

namespace VideoUnderstanding.UnitTests.Search;

public sealed class ClipQueriesTests
{
    private static readonly float[] Query = [1, 0];

    private static readonly SearchScope Scope = new("i1", new VideoFilter(
        [new VideoIsOneOf(["v1", "v2"]), new NumberBetween("duration", 5, 9.5), new FieldEquals("title", "Tug"),
            new NumberBetween("year", 2020, null), new FieldEquals("needs_review", true)]));

    private const string Numeric = "(v.normal_custom_metadata ->> @p6)::numeric";

    private const string Filtered = $"""
        WHERE x.index_id = @p1 AND coalesce(v.indexed_at, v.partly_indexed_at) IS NOT NULL
          AND v.id = ANY(@p2)
          AND v.duration >= @p3 AND v.duration <= @p4
          AND v.normal_title = @p5
          AND CASE WHEN jsonb_typeof(v.normal_custom_metadata -> @p6) = 'number' THEN {Numeric} >= @p7 ELSE false END
          AND v.normal_custom_metadata @> @p8::jsonb
        """;

    [Fact]
    public void Frames_by_the_index_are_ordered_by_the_bare_distance()
    {
        var statement = ClipQueries.FramesByIndex(Scope, Query, 10);
        Assert.Equal($"""
            SELECT x.video_id, x.start, x."end", x.shot, x.embedding <=> @p0 AS distance, v.duration
            FROM frame_vectors x
            JOIN videos v ON v.id = x.video_id
            {Filtered}
            ORDER BY x.embedding <=> @p0
            LIMIT @p9
            """, statement.Text);
        Assert.Equal(["i1", 5.0, 9.5, "tug", "year", 2020.0, "{\"needs_review\":true}", 10],
            statement.Values.Where(value => value is string or double or int));
    }

    [Fact]
    public void Whole_vectors_are_read_without_an_order()
    {
        Assert.Equal($"""
            SELECT x.video_id, x.start, x."end", x.shot, x.embedding
            FROM frame_vectors x
            JOIN videos v ON v.id = x.video_id
            {Filtered.Replace("@p1 ", "@p0 ").Replace("@p2)", "@p1)").Replace("@p3 ", "@p2 ").Replace("@p4", "@p3").Replace("@p5", "@p4")
                .Replace("@p6", "@p5").Replace("@p7", "@p6").Replace("@p8", "@p7")}
            """, ClipQueries.FrameVectors(Scope).Text);
    }

    [Fact]
    public void A_sample_is_drawn_from_videos_with_rows_of_the_requested_kind()
    {
        Assert.Equal("""
            SELECT x.embedding, v.id
            FROM (SELECT id FROM videos WHERE index_id = @p0 AND indexed_at IS NOT NULL AND EXISTS (SELECT 1 FROM frame_vectors
                WHERE video_id = videos.id) ORDER BY md5(id) LIMIT @p1) v
            CROSS JOIN LATERAL (SELECT embedding FROM frame_vectors WHERE video_id = v.id ORDER BY md5(id::text)
                LIMIT @p2) x
            """, ClipQueries.Sample(new SampleKey("i1", null, 20, 100), SearchTableNames.Shared, finished: true).Text);
        Assert.Equal("""
            SELECT x.embedding, v.id
            FROM (SELECT id FROM videos WHERE index_id = @p0 AND indexed_at IS NOT NULL AND EXISTS (SELECT 1 FROM text_segments
                WHERE video_id = videos.id AND source = @p1) ORDER BY md5(id) LIMIT @p2) v
            CROSS JOIN LATERAL (SELECT embedding FROM text_segments WHERE video_id = v.id AND source = @p1 ORDER BY md5(id::text)
                LIMIT @p3) x
            """, ClipQueries.Sample(new SampleKey("i1", "speech", 20, 100), SearchTableNames.Shared, finished: true).Text);
    }

    [Fact]
    public void Rows_are_counted_up_to_a_limit()
        => Assert.Equal($"""
            SELECT count(*) FROM (SELECT 1
            FROM text_segments x
            JOIN videos v ON v.id = x.video_id
            WHERE x.index_id = @p0 AND coalesce(v.indexed_at, v.partly_indexed_at) IS NOT NULL
              AND x.source = @p1
            LIMIT @p2) counted
            """, SizeQueries.CountUpTo(SearchTable.Segments, new SearchScope("i1", VideoFilter.None), 50_001, "speech").Text);

    [Theory]
    [InlineData("words")]
    [InlineData("letters")]
    public void Distances_are_computed_only_for_the_given_rows(string kind)
    {
        var scope = new SearchScope("i1", VideoFilter.None);
        var sql = (kind == "words" ? ClipQueries.SegmentsByWords(scope, "speech", Query, ["tug"], 10)
            : ClipQueries.SegmentsByLetters(scope, "speech", Query, "tug", 10)).Text;
        var measured = Assert.Single(sql.Split('\n'), line => line.Contains("<=>", StringComparison.Ordinal));
        Assert.StartsWith("SELECT x.id, x.video_id", measured);
        Assert.Contains($"{measured}\nFROM {(kind == "words" ? "best JOIN" : "(SELECT")}", sql);
    }

    [Fact]
    public void Segments_by_the_index_are_ordered_by_the_bare_distance()
        => Assert.Equal("""
            SELECT x.id, x.video_id, x.start, x."end", x.text, x.embedding <=> @p0 AS distance, 0::float8 AS words
            FROM text_segments x
            JOIN videos v ON v.id = x.video_id
            WHERE x.index_id = @p1 AND coalesce(v.indexed_at, v.partly_indexed_at) IS NOT NULL
              AND x.source = 'speech'
            ORDER BY x.embedding <=> @p0
            LIMIT @p2
            """, ClipQueries.SegmentsByIndex(new SearchScope("i1", VideoFilter.None), "speech", Query, 10).Text);

    [Fact]
    public void Logo_regions_are_compared_with_the_gallery_of_their_own_account_only()
        => Assert.Equal("""
            WITH gallery AS NOT MATERIALIZED (
            SELECT l.account_id, l.name, s.embedding FROM logos l JOIN logo_vectors s ON s.logo_id = l.id
            WHERE s.model = @p0),
            near AS MATERIALIZED (
            SELECT x.video_id, x.start, x."end", x.embedding, v.account_id, logo.name, x.embedding <=> logo.embedding AS distance
            FROM logo_regions x
            JOIN videos v ON v.id = x.video_id
            JOIN gallery logo ON logo.account_id = v.account_id
            WHERE x.index_id = @p1 AND coalesce(v.indexed_at, v.partly_indexed_at) IS NOT NULL
              AND logo.name = ANY(@p2) AND x.embedding <=> logo.embedding <= @p3)
            SELECT video_id, start, "end", name, distance FROM near
            WHERE NOT EXISTS (SELECT 1 FROM gallery other WHERE other.account_id = near.account_id AND other.name <> near.name
                AND near.embedding <=> other.embedding < near.distance)
            ORDER BY video_id
            """, ClipQueries.RegionsLike(new SearchScope("i1", VideoFilter.None), ["Acme"], "clip", 0.1).Text);

    [Fact]
    public void Lines_with_a_name_are_found_through_the_trigram_index()
        => Assert.Equal("""
            SELECT x.video_id, x.number, x.start, x."end", x.text
            FROM text_segments x
            JOIN videos v ON v.id = x.video_id
            WHERE x.index_id = @p0 AND coalesce(v.indexed_at, v.partly_indexed_at) IS NOT NULL
              AND x.source = 'screen'
              AND replace(x.words, ' ', '') LIKE @p1
              AND (x.video_id, x.number) > (@p2, @p3)
            ORDER BY x.video_id, x.number
            LIMIT @p4
            """, ScreenLineQueries.LinesWith(new SearchScope("i1", VideoFilter.None), "redstar", ScreenLine.None, 9).Text);

    public static TheoryData<string> Statements() => new(All().Select(statement => statement.Text));

    [Theory]
    [MemberData(nameof(Statements))]
    public void Every_statement_stays_inside_one_index_and_sees_searchable_videos_only(string sql)
    {
        Assert.Matches(@"index_id = @p\d+ AND (coalesce\((v\.)?indexed_at, (v\.)?partly_indexed_at\)|indexed_at) IS NOT NULL", sql);
        Assert.DoesNotContain("i1", sql);
        Assert.DoesNotContain("berth", sql);
    }

    [Fact]
    public void Statements_for_a_large_index_use_no_shared_table()
    {
        const string IndexId = "65f1c0de65f1c0de65f1c0de";
        var scope = Scope with { IndexId = IndexId, Filter = VideoFilter.None, Tables = SearchTableNames.Dedicated(IndexId, 2) };
        Assert.All(All(scope, "berth").Where(statement => statement.Text != ClipQueries.VideosOf(IndexId).Text), statement =>
        {
            Assert.Matches($@"index_{IndexId}\.(frame_vectors|text_segments|logo_regions|sound_moments)_2\b", statement.Text);
            Assert.DoesNotMatch(@"(?<!\.)(frame_vectors|text_segments|logo_regions|sound_moments)\b", statement.Text);
        });
    }

    [Theory]
    [InlineData("65f1c0de65f1c0de65f1c0d")]
    [InlineData("x; DROP TABLE videos; --")]
    [InlineData("65F1C0DE65F1C0DE65F1C0DE")]
    public void Only_identifiers_become_names_of_tables(string indexId)
        => Assert.Throws<ArgumentException>(() => SearchTableNames.Dedicated(indexId, 1));

    [Fact]
    public void Values_of_users_are_always_parameters()
    {
        const string Hostile = "x'); DROP TABLE videos; --";
        var scope = new SearchScope(Hostile,
            new VideoFilter([new FieldEquals(Hostile, Hostile), new NumberBetween(Hostile, 1, 2), new VideoIsOneOf([Hostile])]));
        Assert.All(All(scope, Hostile), statement => Assert.DoesNotContain("DROP", statement.Text));
    }

    private static IEnumerable<SqlStatement> All() => All(Scope with { Filter = VideoFilter.None }, "berth");

    private static IEnumerable<SqlStatement> All(SearchScope scope, string text) =>
    [
        SizeQueries.CountUpTo(SearchTable.Segments, scope, 9, "speech"), ClipQueries.FramesByIndex(scope, Query, 1),
        ClipQueries.VideosByScan(scope, Query, 1), CurveQueries.Curves(scope, Query),
        ClipQueries.Sample(new SampleKey(scope.IndexId, null, 1, 1), scope.Tables, finished: true),
        ClipQueries.Sample(new SampleKey(scope.IndexId, "speech", 1, 1), scope.Tables, finished: true), ClipQueries.VideosOf(scope.IndexId),
        ClipQueries.FrameVectorsAt(scope, [new FramePlace("v1", 1)]), 
        ClipQueries.SegmentVectorsOf(scope, new Dictionary<long, double> { [1] = 0.5 }, Query),
        CurveQueries.CurvesOf(scope, Query, [new CurveStretch("v1", 0, 5, 1)]),
        CurveQueries.FramesBefore(scope, [new CurveStretch("v1", 0, 5, 1)]),
        ClipQueries.SegmentsByIndex(scope, "speech", Query, 1),
        ClipQueries.SegmentsByScan(scope, "speech", Query, 1), ClipQueries.SegmentsByWords(scope, "speech", Query, [text], 1),
        ClipQueries.SegmentsByLetters(scope, "speech", Query, text, 1), PhraseQueries.TextAround(scope, "speech", [text], 1),
        PhraseQueries.TextAround(scope, "speech", [text, text], 1),
        ClipQueries.RegionsLike(scope, [text], text, 0.1), ScreenLineQueries.LinesWith(scope, "letters", ScreenLine.None, 1),
        ScreenLineQueries.LinesWith(scope, "", ScreenLine.None, 1),
        SizeQueries.CountUpTo(SearchTable.Frames, scope, 1), SizeQueries.CountRowsOf(SearchTable.Segments, scope, ["v1"]),
    ];
}
