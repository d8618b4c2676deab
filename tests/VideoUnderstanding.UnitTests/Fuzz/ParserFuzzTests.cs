using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using VideoUnderstanding.Indexing.Filenames;
using VideoUnderstanding.Indexing.Transcripts;
using VideoUnderstanding.Search.ResultPages;
using VideoUnderstanding.Server.Api.Reading;
using VideoUnderstanding.Server.Api.Search;
using VideoUnderstanding.Server.Api.Tasks.Uploads;
using VideoUnderstanding.Server.Api.Transfers;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.UnitTests.Fuzz;

/// <summary>Valid input of each parser, changed at random, must give a result or the parser's own exception, in limited time and memory.
/// VIDEOUNDERSTANDING_FUZZ_SECONDS sets the duration, VIDEOUNDERSTANDING_FUZZ_SEED the seed.</summary>
public sealed class ParserFuzzTests
{
    private const double DefaultSeconds = 1;
    private const int MinRounds = 200;
    private const long MaxBytesPerRound = 64 << 20;

    [Fact]
    public void Subtitles_give_cues_or_a_FormatException() => Run(FuzzSeeds.Subtitles, bytes =>
    {
        try
        {
            foreach (var cue in SubtitleParser.ReadAsync(new MemoryStream(bytes), CancellationToken.None).GetAwaiter().GetResult()
                .Cues)
                Assert.True(cue.Start >= 0 && cue.End > cue.Start && cue.Text.Length > 0);
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    });

    [Fact]
    public void Transfer_files_give_elements_or_an_ApiException()
        => Run(FuzzSeeds.Transfers, bytes => Answers(() => Assert.InRange(TransferFile.Parse(bytes, 20).Count, 1, 20)));

    [Fact]
    public void Search_requests_are_parsed_or_give_an_ApiException() => Run(FuzzSeeds.Searches, bytes => Answers(() =>
    {
        using var document = JsonDocuments.Parse(bytes);
        Assert.NotNull(JsonBody<SearchRequest>.Read(document.RootElement).Read().Query);
    }));

    [Fact]
    public void Combined_queries_are_parsed_or_give_an_ApiException() => Run(FuzzSeeds.Combined, bytes => Answers(() =>
    {
        using var document = JsonDocuments.Parse(bytes);
        Assert.NotNull(JsonBody<CombinedSearchRequest>.Read(document.RootElement).Read().Query);
    }));

    [Fact]
    public void Filters_give_conditions_or_an_ApiException() => Run(FuzzSeeds.Filters, bytes => Answers(() =>
    {
        using var document = JsonDocuments.Parse(bytes);
        Assert.NotNull(FilterReader.Read(document.RootElement));
    }));

    [Fact]
    public void Page_tokens_are_read_unchanged_or_refused() => Run(FuzzSeeds.Tokens, bytes =>
    {
        if (PageToken.Parse(Encoding.Latin1.GetString(bytes)) is not { } token)
            return false;
        Assert.True(token.Page >= 0);
        Assert.Equal(token, PageToken.Parse(token.ToString()));
        return true;
    });

    [Fact]
    public void Names_of_parts_and_files_are_clean_or_refused() => Run(FuzzSeeds.Multipart, bytes =>
    {
        var request = new DefaultHttpContext().Request;
        (request.ContentType, request.Body) = ("multipart/form-data; boundary=edge", new MemoryStream(bytes));
        try
        {
            var parts = MultipartParts.Open(request);
            while (parts.ReadNextSectionAsync().GetAwaiter().GetResult() is { } part)
            {
                var (name, filename) = MultipartParts.NamesOf(part);
                var clean = ShownFilename.Clean(filename);
                Assert.True(name.Length > 0 && clean.Length is > 0 and <= 255 && clean is not ("." or "..")
                    && clean.AsSpan().IndexOfAny("/\\\0\r\n") < 0);
            }
            return true;
        }
        // The reader's own exceptions for an invalid multipart body; the host turns them into the API's error (BodyReads).
        catch (Exception refused) when (refused is ApiException or IOException or InvalidDataException)
        {
            return false;
        }
    });

    private static bool Answers(Action read)
    {
        try
        {
            read();
            return true;
        }
        catch (ApiException refused)
        {
            Assert.False(string.IsNullOrEmpty(refused.Error.Message));
            return false;
        }
    }

    /// <param name="seeds">Valid input; each seed must be accepted.</param>
    /// <param name="read">Returns true if the input was accepted, false if it was refused.</param>
    private static void Run(IReadOnlyList<string> seeds, Func<byte[], bool> read)
    {
        var (seconds, seed) = (Setting("SECONDS") ?? DefaultSeconds, (int)(Setting("SEED") ?? 20230302));
        Assert.All(seeds, good => Assert.True(read(Encoding.UTF8.GetBytes(good)), good));
        var (random, clock, refused) = (new Random(seed), Stopwatch.StartNew(), 0);
        var round = 0;
        for (; round < MinRounds || clock.Elapsed.TotalSeconds < seconds; round++)
        {
            var input = Mutation.Of(Encoding.UTF8.GetBytes(seeds[round % seeds.Count]), random);
            var (before, begun) = (GC.GetAllocatedBytesForCurrentThread(), clock.Elapsed);
            try
            {
                refused += read(input) ? 0 : 1;
            }
            catch (Exception other)
            {
                Assert.Fail(
                    $"Round {round} of seed {seed}: {other}\n{Convert.ToBase64String(input.Length > 4000 ? input[..4000] : input)}");
            }
            Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < MaxBytesPerRound,
                $"Round {round} of seed {seed} took {GC.GetAllocatedBytesForCurrentThread() - before} bytes");
            Assert.True(clock.Elapsed - begun < TimeSpan.FromSeconds(10), $"Round {round} of seed {seed} took {clock.Elapsed - begun}");
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{round} rounds, {refused} refused");
        Assert.True(refused > 0, "Nothing was refused: the damage does not reach the parser.");
    }

    private static double? Setting(string name)
        => double.TryParse(Environment.GetEnvironmentVariable($"VIDEOUNDERSTANDING_FUZZ_{name}"), NumberStyles.Float,
            CultureInfo.InvariantCulture, out var value) ? value : null;
}
