using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using VideoUnderstanding.Inference;
using VideoUnderstanding.Inference.Confidence;
using VideoUnderstanding.IntegrationTests.Support;
using VideoUnderstanding.Media;
using VideoUnderstanding.Search;
using VideoUnderstanding.Search.Confidence;
using VideoUnderstanding.Server;
using VideoUnderstanding.Server.Health;

namespace VideoUnderstanding.IntegrationTests.Server;

public sealed class StartupModelCheckTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vu-models-").FullName;

    [Fact]
    public async Task A_model_that_fails_during_the_check_does_not_stop_the_server()
    {
        await using var app = Build();
        using var check = ActivatorUtilities.CreateInstance<StartupModelCheck>(app.Services);

        await check.StartAsync(TestContext.Current.CancellationToken);
        // An exception of this task would stop the host.
        await check.ExecuteTask!;

        Assert.True(app.Services.GetRequiredService<Readiness>().ModelsChecked);
        Assert.Equal(Enum.GetValues<EvidenceRole>().Length, ((BrokenVectors)app.Services.GetRequiredService<IQueryVectors>()).Calls);
    }

    [Fact]
    public async Task A_model_that_is_downloaded_later_is_checked_without_a_restart()
    {
        var clock = new FakeTimeProvider();
        await using var app = Build(ModelRole.TextEmbedding, clock);
        var readiness = app.Services.GetRequiredService<Readiness>();
        using var check = ActivatorUtilities.CreateInstance<StartupModelCheck>(app.Services);
        await check.StartAsync(TestContext.Current.CancellationToken);
        while (!readiness.ModelsChecked)
            await Task.Delay(10, TestContext.Current.CancellationToken);
        Assert.Contains("not installed", Detail(readiness), StringComparison.Ordinal);

        EmptyModelFiles.Write(_folder);
        while (!check.ExecuteTask!.IsCompleted)
        {
            clock.Advance(StartupModelCheck.PollInterval);
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        await check.ExecuteTask;
        Assert.DoesNotContain("not installed", Detail(readiness), StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Detail(Readiness readiness)
        => readiness.Models.Single(found => found.Name == $"model:{ModelRole.TextEmbedding}").Detail;

    private WebApplication Build(ModelRole? missing = null, TimeProvider? clock = null)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(EmptyModelFiles.Write(_folder, missing));
        builder.Configuration.AddInMemoryCollection(
            [new("ConnectionStrings:Database", "Host=nowhere"), new("VideoUnderstanding:DataFolder", Path.Combine(_folder, "data"))]);
        builder.Services.AddSingleton(clock ?? TimeProvider.System);
        return Program.Build(builder, services => services.Replace(ServiceDescriptor.Singleton<IQueryVectors, BrokenVectors>()));
    }

    /// <summary>Fails like a graphics card without free memory.</summary>
    private sealed class BrokenVectors : IQueryVectors
    {
        public int Calls { get; private set; }

        public ScoreMap ScoresOf(EvidenceRole role) => new(null, new ScoreCurve([new(0, 0), new(6, 100)]));

        public Task<CaptionBank> BankOfAsync(EvidenceRole role, CancellationToken cancellationToken)
        {
            Calls++;
            throw new InvalidOperationException("out of memory");
        }

        public Task<float[]> ForFramesAsync(string text, CancellationToken cancellationToken) => throw new InvalidOperationException();

        public Task<float[]> ForTextAsync(string text, CancellationToken cancellationToken) => throw new InvalidOperationException();

        public Task<float[]> ForPictureAsync(Frame picture, CancellationToken cancellationToken) => throw new InvalidOperationException();
    }
}
