using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.IntegrationTests.Support;
using VideoUnderstanding.TestAssets.Tiny;

namespace VideoUnderstanding.IntegrationTests.Switching;

/// <summary>Model switches of indexes with the option logo. The gallery of the account has a logo that is half blue and half
/// yellow.</summary>
public sealed class LogoSwitchTests(DatabaseTemplate template)
{
    private const string First = TinyModels.Profile, Wide = TinyModels.WideProfile;

    [Fact]
    public async Task Logos_are_found_with_the_models_of_the_index_before_and_after_a_switch()
    {
        await using var bench = await CreateAsync();
        await bench.AddLogoAsync("Acme");
        var before = await bench.FindAsync();
        Assert.Single(before, found => found.StartsWith("logo ", StringComparison.Ordinal));
        Assert.Equal(["tiny-clip"], await VectorModelsAsync(bench));

        Assert.True(await bench.SwitchAsync(Wide));

        // The switch computed the vectors; no search was needed.
        Assert.Equal(["tiny-clip", "wide-clip"], await VectorModelsAsync(bench));
        Assert.Equal(before, await bench.FindAsync());
        Assert.Equal((24, 36), (await RegionLengthAsync(bench, 0), await RegionLengthAsync(bench, 1)));
        Assert.True(await bench.SwitchAsync(null));
        Assert.Equal(before, await bench.FindAsync());
        Assert.True(await bench.SwitchAsync(Wide));
        await bench.PruneAsync();
        Assert.Equal(before, await bench.FindAsync());
    }

    [Fact]
    public async Task A_logo_added_after_a_switch_is_found_with_the_models_of_both_generations()
    {
        await using var bench = await CreateAsync();
        await bench.SwitchAsync(Wide);
        await bench.AddLogoAsync("Acme");

        Assert.Single(await bench.FindAsync(), found => found.StartsWith("logo ", StringComparison.Ordinal));
        Assert.Equal(["wide-clip"], await VectorModelsAsync(bench));
        Assert.True(await bench.SwitchAsync(null));
        Assert.Single(await bench.FindAsync(), found => found.StartsWith("logo ", StringComparison.Ordinal));
        Assert.Equal(["tiny-clip", "wide-clip"], await VectorModelsAsync(bench));
    }

    [Fact]
    public async Task Regions_are_copied_if_only_other_models_differ()
    {
        await using var bench = await CreateAsync();
        await bench.AddLogoAsync("Acme");
        await bench.SwitchAsync(Wide);
        await bench.PruneAsync();
        var before = await bench.FindAsync();

        // This profile differs only in the speech model.
        Assert.True(await bench.SwitchAsync(TinyModels.VoiceProfile));

        Assert.Equal(before, await bench.FindAsync());
        Assert.Equal(["wide-clip"], await VectorModelsAsync(bench));
    }

    private async Task<SwitchBench> CreateAsync()
        => await SwitchBench.CreateAsync(template, videos: 1, new SwitchBenchSetup(HasLogos: true));

    private static async Task<List<string>> VectorModelsAsync(SwitchBench bench)
    {
        await using var db = bench.Rows.Open();
        return await db.LogoVectors.Select(vector => vector.Model).Distinct().OrderBy(model => model).ToListAsync();
    }

    private static async Task<int> RegionLengthAsync(SwitchBench bench, int generation)
    {
        await using var db = bench.Rows.Open();
        var table = generation == 0 ? "logo_regions" : $"index_{bench.Index.Id}.logo_regions_{generation}";
        var sql = $"SELECT DISTINCT vector_dims(embedding) AS \"Value\" FROM {table} WHERE index_id = {{0}}";
        return await db.Database.SqlQueryRaw<int>(sql, bench.Index.Id).SingleAsync();
    }
}
