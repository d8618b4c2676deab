using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Inference;
using VideoUnderstanding.Inference.Manifest;
using VideoUnderstanding.Inference.Speech;
using VideoUnderstanding.TestAssets;

namespace VideoUnderstanding.IntegrationTests.Inference.Speech;

/// <summary>Speech of real clips, by the real voice activity network and a stand-in for Whisper that knows the clips' phrases.</summary>
[Trait("Needs", "Assets")]
public sealed class SpeechRecognizerTests(StandinModels models, ITestOutputHelper output) : IClassFixture<StandinModels>
{
    [Theory]
    [InlineData("jfk-inaugural.mp4")]
    [InlineData("jfk-audio-only.m4a")]
    [InlineData("his-girl-friday.mp4")]
    [InlineData("his-girl-friday.avi")]
    [InlineData("printing-lecture.mp4")]
    [InlineData("reel-one.mp4")]
    public async Task Every_phrase_is_found_at_its_time(string file)
    {
        AssetsFolder.Require();
        var clock = Stopwatch.StartNew();
        var sound = await RealClips.SoundAsync(file);
        var decoded = clock.Elapsed;

        var segments = await TranscribeAsync(models.Set.Speech, sound);

        output.WriteLine($"{file}: {sound.Sum(block => block.Length) / 16000.0 / (clock.Elapsed - decoded).TotalSeconds:F0} times real time with the stand-in");
        AssertSame(GroundTruth.Load()[file].Speech, segments);
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
        => Assert.Empty(await TranscribeAsync(models.Set.Speech, await RealClips.SoundAsync(file)));

    [Theory]
    [InlineData(17)]
    [InlineData(33)]
    public async Task Windows_that_are_cut_elsewhere_give_the_same_phrases(int silentSeconds)
    {
        AssetsFolder.Require();
        // The first phrases are gone, so that all windows of thirty seconds are cut at other places.
        var sound = await RealClips.SoundAsync("printing-lecture.mp4");
        var kept = Enumerable.Repeat(new float[16_000], silentSeconds).Concat(sound.Skip(silentSeconds));

        var segments = await TranscribeAsync(models.Set.Speech, kept);

        AssertSame([.. GroundTruth.Load()["printing-lecture.mp4"].Speech.Where(phrase => phrase.Start >= silentSeconds)],
            [.. segments.Where(segment => segment.Start >= silentSeconds)]);
    }

    [Fact]
    public async Task The_size_of_the_blocks_changes_nothing()
    {
        AssetsFolder.Require();
        var samples = (await RealClips.SoundAsync("his-girl-friday.mp4")).SelectMany(block => block).ToArray();

        var whole = await TranscribeAsync(models.Set.Speech, [samples]);
        var pieces = await TranscribeAsync(models.Set.Speech, samples.Chunk(1234));

        Assert.NotEmpty(whole);
        Assert.Equal(whole, pieces);
    }

    [Fact]
    public async Task The_decoder_in_two_files_writes_what_the_merged_one_does()
    {
        AssetsFolder.Require();
        using var host = StandinModels.Start(ModelDevice.Cpu);
        var set = host.Services.GetRequiredService<ModelSet>();
        var merged = set.Role(ModelRole.Speech)!;
        ManifestFile[] pair = [.. new[] { "encoder_model", "decoder_model", "decoder_with_past_model" }.Select(name => new ManifestFile($"onnx/{name}.onnx", null, "", null, "", Optional: false))];
        var sessions = new OnnxSessions(Options.Create(new ModelOptions { Device = ModelDevice.Cpu }), NullLogger<OnnxSessions>.Instance);
        using var recognizer = SpeechRecognizer.Load(merged with { Model = merged.Model with { Files = pair } }, set.Role(ModelRole.VoiceActivity)!, sessions);
        var sound = await RealClips.SoundAsync("jfk-inaugural.mp4");

        Assert.Equal(await TranscribeAsync(set.Speech, sound), await TranscribeAsync(recognizer, sound));
    }

    [Fact]
    public async Task Voices_are_heard_at_their_documented_times()
    {
        AssetsFolder.Require();
        using var host = StandinModels.Start(ModelDevice.Cpu);
        using var network = VoiceActivity.Load(host.Services.GetRequiredService<ModelSet>().Role(ModelRole.VoiceActivity)!, host.Services.GetRequiredService<OnnxSessions>());
        var listener = network.Listen(30);
        var regions = new List<VoiceRegion>();
        foreach (var block in await RealClips.SoundAsync("jfk-inaugural.mp4"))
            regions.AddRange(await listener.AddAsync(block, default));
        regions.AddRange(await listener.FinishAsync(default));

        foreach (var (start, end) in new[] { (0.4, 2.2), (3.3, 4.4), (5.4, 7.6), (8.2, 11.0) })
        {
            var inside = regions.Where(region => region.End / 16000.0 > start + 0.3 && region.Start / 16000.0 < end - 0.3).ToList();
            Assert.NotEmpty(inside);
            Assert.InRange(inside[0].Start / 16000.0, start - 0.3, start + 0.3);
            Assert.InRange(inside[^1].End / 16000.0, end - 0.5, end + 0.3);
        }
        Assert.DoesNotContain(regions, region => region.Start / 16000.0 is > 4.8 and < 5.1);
    }

    [Fact]
    public async Task A_cancelled_transcript_ends()
    {
        AssetsFolder.Require();
        using var stop = new CancellationTokenSource();
        var sound = await RealClips.SoundAsync("printing-lecture.mp4");

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in models.Set.Speech.TranscribeAsync(RealClips.Stream(sound), null, stop.Token))
                await stop.CancelAsync();
        });
    }

    private static ValueTask<List<SpeechSegment>> TranscribeAsync(SpeechRecognizer recognizer, IEnumerable<float[]> sound) =>
        recognizer.TranscribeAsync(RealClips.Stream(sound), null, default).ToListAsync();

    /// <summary>The same words in the same order, nothing more and nothing less, each phrase within half a second.</summary>
    private void AssertSame(IReadOnlyList<TimedText> phrases, IReadOnlyList<SpeechSegment> segments)
    {
        Assert.Equal(phrases.SelectMany(phrase => Words(phrase.Text)), segments.SelectMany(segment => Words(segment.Text)));
        Assert.Equal(phrases.Count, segments.Count);
        var errors = phrases.Zip(segments, (phrase, segment) => (Start: Math.Abs(phrase.Start - segment.Start), End: Math.Abs(phrase.End - segment.End))).ToArray();
        output.WriteLine($"{phrases.Count} phrases, greatest error of a start {errors.Max(error => error.Start):F2} s, of an end {errors.Max(error => error.End):F2} s");
        Assert.All(errors, error => Assert.InRange(error.Start, 0, 0.5));
    }

    private static IEnumerable<string> Words(string text) =>
        text.Split([' ', '-'], StringSplitOptions.RemoveEmptyEntries).Select(word => new string([.. word.Where(char.IsLetterOrDigit)]).ToLowerInvariant()).Where(word => word.Length > 0);
}
