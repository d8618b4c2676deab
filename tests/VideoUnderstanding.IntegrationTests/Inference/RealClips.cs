using Microsoft.Extensions.Logging.Abstractions;
using VideoUnderstanding.Media;
using VideoUnderstanding.TestAssets;
using MediaOptions = Microsoft.Extensions.Options.Options;

namespace VideoUnderstanding.IntegrationTests.Inference;

/// <summary>Pictures and sound of the clips of the assets folder.</summary>
internal static class RealClips
{
    private static readonly MediaToolOptions Tools = new();

    /// <summary>The sound track in blocks of one second.</summary>
    public static async Task<IReadOnlyList<float[]>> SoundAsync(string file)
    {
        var path = AssetsFolder.File("media/" + file);
        var info = await new MediaProbe(MediaOptions.Create(Tools)).ReadAsync(path, default);
        return await new SoundReader(MediaOptions.Create(Tools)).ReadAsync(path, info, default).ToListAsync();
    }

    /// <summary>One frame per second and the first frame of each shot.</summary>
    public static async IAsyncEnumerable<Frame> PicturesAsync(string file)
    {
        var path = AssetsFolder.File("media/" + file);
        var info = await new MediaProbe(MediaOptions.Create(Tools)).ReadAsync(path, default);
        await foreach (var frame in new FrameReader(MediaOptions.Create(Tools), NullLogger<FrameReader>.Instance)
            .ReadAsync(path, info, new FrameSampling(1, 0.3, 1280), default))
            yield return frame;
    }

    public static async IAsyncEnumerable<float[]> Stream(IEnumerable<float[]> blocks)
    {
        foreach (var block in blocks)
        {
            await Task.Yield();
            yield return block;
        }
    }
}
