using System.Globalization;
using VideoUnderstanding.IntegrationTests.Inference;
using VideoUnderstanding.Media;
using VideoUnderstanding.Media.KeptPictures;
using MediaOptions = Microsoft.Extensions.Options.Options;

namespace VideoUnderstanding.IntegrationTests.Media;

/// <summary>Pictures of real clips that are kept as JPEG: their sizes, and the cosines between their vectors and those of the decoded
/// pictures (starter profile).</summary>
public sealed class KeptPictureTests(StarterModels models, ITestOutputHelper output) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vu-kept-").FullName;

    [Theory]
    [InlineData("dog-park.mp4", 384)]
    [InlineData("big-buck-bunny.mp4", 384)]
    [InlineData("his-girl-friday.mp4", 384)]
    [InlineData("printing-lecture.mp4", 384)]
    [InlineData("dog-park.mp4", int.MaxValue)]
    public async Task Kept_pictures_have_the_times_and_similar_vectors_of_the_decoded_ones(string clip, int maxShortSide)
    {
        var frames = await RealClips.PicturesAsync(clip).Take(10).ToListAsync();
        var path = await WriteAsync(frames, maxShortSide);

        var kept = await Reader().ReadAsync(path, default).ToListAsync();

        Assert.Equal(frames.Select(Places), kept.Select(Places));
        Assert.Equal(20, KeptPictureReader.ReadDuration(path));
        Assert.All(kept, frame => Assert.Equal(Math.Min(maxShortSide, frames[0].Height), Math.Min(frame.Width, frame.Height)));
        var vectors = await models.Set.Visual.EmbedFramesAsync(frames, default);
        var cosines = vectors.Zip(await models.Set.Visual.EmbedFramesAsync(kept, default), Cosine).ToList();
        var bytes = new FileInfo(path).Length / frames.Count;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{clip} {frames[0].Width}x{frames[0].Height}: {bytes} bytes per picture, cosine at least {cosines.Min():0.0000}, "
                + $"mean {cosines.Average():0.0000}"));
        // The starter model reacts to small changes of a picture. For comparison, cosines between neighbouring seconds of the first two
        // clips are 0.55 to 0.97.
        Assert.InRange(cosines.Min(), 0.8, 1.001);
        Assert.InRange(cosines.Average(), 0.92, 1.001);
        Assert.InRange(bytes, 2_000, maxShortSide == int.MaxValue ? 200_000 : 60_000);
    }

    [Fact]
    public async Task A_truncated_or_damaged_file_is_refused()
    {
        var frames = await RealClips.PicturesAsync("dog-park.mp4").Take(3).ToListAsync();
        var path = await WriteAsync(frames, 384);
        var bytes = await File.ReadAllBytesAsync(path);

        foreach (var content in new[] { bytes[..^1], bytes[1..], [], [.. new byte[bytes.Length - 100], .. bytes[^100..]] })
        {
            await File.WriteAllBytesAsync(path, content);
            // Without the first byte of the file, the table is complete but the first picture is damaged.
            await Assert.ThrowsAsync<MediaException>(async () => await Reader().ReadAsync(path, default).ToListAsync());
        }
    }

    [Fact]
    public async Task No_file_is_written_without_a_picture()
    {
        var path = Path.Combine(_folder, "none");
        await using var writer = new KeptPictureWriter(path, 384, 5, new MediaToolOptions());

        Assert.False(await writer.CompleteAsync(default));
        Assert.False(File.Exists(path));
    }

    [Fact]
    public async Task A_missing_encoder_is_reported()
    {
        var frames = await RealClips.PicturesAsync("dog-park.mp4").Take(1).ToListAsync();
        await using var writer = new KeptPictureWriter(Path.Combine(_folder, "a"), 384, 5,
            new MediaToolOptions { FFmpegPath = Path.Combine(_folder, "no-ffmpeg") });

        await Assert.ThrowsAsync<VideoUnderstanding.Media.Tools.ToolException>(() => writer.AddAsync(frames[0], default));
    }

    private async Task<string> WriteAsync(IReadOnlyList<Frame> frames, int maxShortSide)
    {
        var path = Path.Combine(_folder, Guid.NewGuid().ToString("N"));
        await using var writer = new KeptPictureWriter(path, maxShortSide, 20, new MediaToolOptions());
        foreach (var frame in frames)
            await writer.AddAsync(frame, default);
        Assert.True(await writer.CompleteAsync(default));
        return path;
    }

    private static KeptPictureReader Reader() => new(MediaOptions.Create(new MediaToolOptions()));

    private static (double, double, bool) Places(Frame frame) => (frame.Time, frame.Start, frame.StartsShot);

    private static double Cosine(float[] one, float[] other) => one.Zip(other, (a, b) => (double)a * b).Sum();

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
