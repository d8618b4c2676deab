using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Quotas;
using VideoUnderstanding.Data.Storage;
using VideoUnderstanding.IntegrationTests.Support;

namespace VideoUnderstanding.IntegrationTests.Guard;

/// <summary>Reads the stored bytes while other videos begin and end.</summary>
public sealed class QuotaReadingTests(DatabaseTemplate template)
{
    [Fact]
    public async Task Constantly_finishing_uploads_do_not_block_another_upload()
    {
        var folder = Directory.CreateTempSubdirectory("vu-quotas-");
        await using var database = await template.CopyAsync();
        StorageQuotas? quotas = null;
        var services = new ServiceCollection();
        // Another video begins and ends during each query, so the sums that were read are out of date.
        var change = new ChangeAfterEachRead(() => quotas!.Open("other", "a video").Dispose());
        services.AddDbContext<VideoDbContext>(options => options.UseVideoDatabase(database.ConnectionString).AddInterceptors(change));
        await using var provider = services.BuildServiceProvider();
        var storage = Options.Create(new StorageOptions { DataFolder = folder.FullName, MinFreeBytes = 0 });
        quotas = new StorageQuotas(provider.GetRequiredService<IServiceScopeFactory>(), new DataFolder(storage), storage,
            Options.Create(new QuotaOptions { AccountBytes = 1000 }));
        using var mine = quotas.Open("mine");
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(30));

        await mine.GrowAsync(1000, timeout.Token);
        var refused = await Assert.ThrowsAsync<QuotaExceededException>(async () => await mine.GrowAsync(1, timeout.Token));

        Assert.Contains("this account", refused.Message, StringComparison.Ordinal);
        Assert.InRange(change.Reads, 2, 200);
        folder.Delete(recursive: true);
    }

    private sealed class ChangeAfterEachRead(Action change) : DbCommandInterceptor
    {
        public int Reads { get; private set; }

        public override ValueTask<DbDataReader> ReaderExecutedAsync(
            DbCommand command, CommandExecutedEventData eventData, DbDataReader result, CancellationToken cancellationToken = default)
        {
            Reads++;
            change();
            return ValueTask.FromResult(result);
        }
    }
}
