using System.Collections.Concurrent;
using VideoUnderstanding.Inference;
using VideoUnderstanding.Inference.Speech;
using VideoUnderstanding.TestAssets;

namespace VideoUnderstanding.IntegrationTests.Inference.Speech;

/// <summary>Speech recognition of openly licensed clips with the committed weights.</summary>
[Trait("Needs", "Assets")]
public sealed class SpeechRecognizerTests(StarterSpeech speech, ITestOutputHelper output)
{
    /// <summary>Transcripts by file name. Several tests check different properties of the same one.</summary>
    private static readonly ConcurrentDictionary<string, Task<List<SpeechSegment>>> Transcripts = new();

    /// <param name="maxShare">Maximum share of wrong words: the measured share plus a few words, because results differ between
    /// processors.</param>
    /// <param name="seconds">The rest of the sound is left out. The film and the address at the end of reel-one are those of two other
    /// clips.</param>
    [Theory]
    [InlineData("jfk-inaugural.mp4", 0.05)]
    [InlineData("jfk-audio-only.m4a", 0.05)]
    [InlineData("his-girl-friday.mp4", 0.6)]
    [InlineData("his-girl-friday.avi", 0.6)]
    [InlineData("printing-lecture.mp4", 0.07)]
    [InlineData("reel-one.mp4", 0.1, 73)]
    public async Task Few_words_of_a_clip_are_wrong(string file, double maxShare, int seconds = int.MaxValue)
    {
        AssetsFolder.Require();
        var expected = StarterSpeech.WordsOf(string.Join(' ', GroundTruth.Load()[file].Speech
            .Where(phrase => phrase.Start < seconds).Select(phrase => phrase.Text)));

        var segments = await TranscriptAsync(file, seconds);

        var errors = StarterSpeech.Errors(expected, StarterSpeech.WordsOf(segments));
        output.WriteLine($"{file}: {errors} of {expected.Length} words wrong");
        Assert.InRange(errors / (double)expected.Length, 0, maxShare);
        Assert.All(segments, segment => Assert.Equal("en", segment.Language));
    }

    [Fact]
    public async Task Segments_start_and_end_at_the_times_of_the_phrases()
    {
        AssetsFolder.Require();

        var segments = await TranscriptAsync("printing-lecture.mp4");

        Assert.All(GroundTruth.Load()["printing-lecture.mp4"].Speech, phrase =>
        {
            Assert.Contains(segments, segment => Math.Abs(segment.Start - phrase.Start) <= 0.5);
            Assert.Contains(segments, segment => Math.Abs(segment.End - phrase.End) <= 0.5);
        });
    }

    [Theory]
    [InlineData("cars-overhead.mp4")]
    [InlineData("dog-park.mp4")]
    [InlineData("flower.mp4")]
    [InlineData("flower.webm")]
    [InlineData("stream-of-water.webm")]
    [InlineData("toy-rabbit.mp4")]
    [InlineData("rooftops.mp4")]
    [InlineData("big-buck-bunny.mp4")]
    public async Task Silence_water_and_music_give_no_text(string file)
        => Assert.Empty(await speech.TranscribeAsync(await RealClips.SoundAsync(file)));

    [Fact]
    public async Task The_size_of_the_blocks_changes_nothing()
    {
        AssetsFolder.Require();
        var samples = (await RealClips.SoundAsync("jfk-inaugural.mp4")).SelectMany(block => block).ToArray();

        var whole = await TranscriptAsync("jfk-inaugural.mp4");
        var pieces = await speech.TranscribeAsync(samples.Chunk(1234));

        Assert.NotEmpty(whole);
        Assert.Equal(whole.Select(segment => (segment.Start, segment.End, segment.Text)),
            pieces.Select(segment => (segment.Start, segment.End, segment.Text)));
    }

    [Fact]
    public async Task Voices_are_detected_at_their_documented_times()
    {
        AssetsFolder.Require();
        using var network = VoiceActivity.Load(StarterSpeech.Role(ModelRole.VoiceActivity), StarterSpeech.Sessions);
        var detector = network.NewDetector(30);
        var regions = new List<VoiceRegion>();
        foreach (var block in await RealClips.SoundAsync("jfk-inaugural.mp4"))
            regions.AddRange(await detector.AddAsync(block, default));
        regions.AddRange(await detector.FinishAsync(default));

        foreach (var (start, end) in new[] { (0.4, 2.2), (3.3, 4.4), (5.4, 7.6), (8.2, 11.0) })
        {
            var inside = regions.Where(region => region.End / 16000.0 > start + 0.3 && region.Start / 16000.0 < end - 0.3).ToList();
            Assert.NotEmpty(inside);
            Assert.InRange(inside[0].Start / 16000.0, start - 0.3, start + 0.3);
            Assert.InRange(inside[^1].End / 16000.0, end - 0.5, end + 0.3);
        }
        Assert.DoesNotContain(regions, region => region.Start / 16000.0 is > 4.8 and < 5.1);
    }

    private Task<List<SpeechSegment>> TranscriptAsync(string file, int seconds = int.MaxValue)
        => Transcripts.GetOrAdd(file, async name => await speech.TranscribeAsync((await RealClips.SoundAsync(name)).Take(seconds)));
}
