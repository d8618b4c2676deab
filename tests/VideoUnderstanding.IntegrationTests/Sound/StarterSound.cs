using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using VideoUnderstanding.Indexing.Sound;
using VideoUnderstanding.Inference;
using VideoUnderstanding.Inference.Sound;
using VideoUnderstanding.IntegrationTests.Inference;
using VideoUnderstanding.TestAssets.Sounds;

[assembly: AssemblyFixture(typeof(VideoUnderstanding.IntegrationTests.Sound.StarterSound))]

namespace VideoUnderstanding.IntegrationTests.Sound;

/// <summary>The committed sound model, loaded once for all tests.</summary>
public sealed class StarterSound : IDisposable
{
    private readonly Lazy<IHost> _host = new(() => StarterModels.Start(ModelDevice.Cpu));

    public ModelSet Models => _host.Value.Services.GetRequiredService<ModelSet>();

    /// <summary>Returns the moments that indexing would store for the track.</summary>
    public async Task<IReadOnlyList<DetectedMoment>> DetectAsync(SoundTrack track, SoundOptions? options = null)
    {
        var moments = new SoundMomentBuilder(Models.Sound.Classes, Models.Sound.Windows, options ?? new SoundOptions(), track.Duration);
        await new SoundListener(Models.Sound).ListenAsync(track.BlocksAsync(), moments.Add, TestContext.Current.CancellationToken);
        return moments.Close();
    }

    public void Dispose()
    {
        if (_host.IsValueCreated)
            _host.Value.Dispose();
    }
}
