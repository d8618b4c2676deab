using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Media;
using VideoUnderstanding.Media.Tools;

namespace VideoUnderstanding.Benchmarks;

/// <summary>Cost of sampling in addition to decoding. The ratio column compares with FFmpeg decoding the same file and discarding the
/// pictures.</summary>
[MemoryDiagnoser]
public class PictureBenchmarks
{
    private static readonly FrameSampling Sampling = new(FramesPerSecond: 1, ShotThreshold: 0.3, MaxLongSide: 1280);
    private static readonly ToolLimits Limits = new() { Time = TimeSpan.FromMinutes(5) };
    private readonly IOptions<MediaToolOptions> _tools = Options.Create(new MediaToolOptions());
    private string _folder = "";
    private string _clip = "";
    private MediaInfo? _info;

    /// <summary>The clip that VIDEOUNDERSTANDING_BENCHMARK_CLIP names, or a clip of one minute with FFmpeg's moving test picture.</summary>
    [GlobalSetup]
    public async Task PrepareAsync()
    {
        _folder = Directory.CreateTempSubdirectory("vu-benchmark-").FullName;
        _clip = Environment.GetEnvironmentVariable("VIDEOUNDERSTANDING_BENCHMARK_CLIP") ?? await DrawAsync();
        _info = await new MediaProbe(_tools).ReadAsync(_clip, CancellationToken.None);
    }

    [GlobalCleanup]
    public void CleanUp() => Directory.Delete(_folder, recursive: true);

    [Benchmark(Baseline = true)]
    public Task DecodeOnly() => FFmpegAsync("-i", _clip, "-map", "0:v:0", "-f", "null", "-");

    [Benchmark]
    public async Task<int> SampledFrames()
    {
        var count = 0;
        await foreach (var _ in new FrameReader(_tools, NullLogger<FrameReader>.Instance)
            .ReadAsync(_clip, _info!, Sampling, CancellationToken.None))
            count++;
        return count;
    }

    private async Task<string> DrawAsync()
    {
        var clip = Path.Combine(_folder, "test.mp4");
        await FFmpegAsync("-f", "lavfi", "-i", "testsrc2=size=1280x720:rate=30:duration=60", "-pix_fmt", "yuv420p", clip);
        return clip;
    }

    private Task FFmpegAsync(params string[] arguments)
        => ToolProcess.RunAsync(_tools.Value.FFmpegPath, ["-nostdin", "-v", "error", .. arguments], Limits, CancellationToken.None);
}
