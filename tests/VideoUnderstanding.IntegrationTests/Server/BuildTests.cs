using Hangfire;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using VideoUnderstanding.Server;

namespace VideoUnderstanding.IntegrationTests.Server;

public sealed class BuildTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vu-build-").FullName;

    /// <summary>The server waits for the database after this step and before the start.</summary>
    [Fact]
    public async Task Building_the_server_does_not_open_the_job_storage()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(
            [new("ConnectionStrings:Database", "Host=nowhere"), new("VideoUnderstanding:DataFolder", _folder)]);
        builder.Services.AddSingleton<JobStorage>(_ => throw new InvalidOperationException("opened"));

        await using var app = Program.Build(builder);

        Assert.Equal("opened", Assert.Throws<InvalidOperationException>(app.Services.GetRequiredService<JobStorage>).Message);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
