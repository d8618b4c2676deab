using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.UnitTests.Data;

public sealed class DatabaseModelTests
{
    private static VideoDbContext Open()
    {
        var options = new DbContextOptionsBuilder<VideoDbContext>();
        options.UseVideoDatabase("Host=nowhere");
        return new VideoDbContext(options.Options);
    }

    [Fact]
    public void Tables_and_columns_are_named_in_snake_case()
    {
        using var db = Open();
        var tables = db.Model.GetEntityTypes().Select(entity => entity.GetTableName()).Order();
        Assert.Equal(
            ["accounts", "api_keys", "data_protection_keys", "frame_vectors", "generation_videos", "indexing_tasks", "installation",
                "integration_files", "integrations", "logo_regions", "logo_vectors", "logos", "nodes", "result_pages", "result_sets",
                "search_table_sets", "sound_moments", "text_segments", "users", "video_indexes", "videos", "webhook_attempts",
                "webhook_deliveries",
                "webhook_endpoints", "webhook_events"], tables);
        Assert.All(db.Model.GetEntityTypes().SelectMany(entity => entity.GetProperties()),
            property => Assert.Matches("^[a-z0-9_]+$", property.GetColumnName()));
    }

    [Fact]
    public void States_are_compared_as_lower_case_text()
    {
        using var db = Open();
        var sql = db.Tasks.Where(task => task.State == TaskState.Pending).ToQueryString();
        Assert.Contains("WHERE i.state = 'pending'", sql, StringComparison.Ordinal);
    }

    [Fact]
    public void A_path_over_metadata_reaches_the_database_as_a_jsonpath()
    {
        using var db = Open();
        var path = "$.\"shift\" ? (@ >= 3)";
        var sql = db.Videos.Where(video => MetadataQueries.PathExists(video.NormalCustomMetadata, path)).ToQueryString();
        Assert.Contains("jsonb_path_exists(v.normal_custom_metadata, @path::jsonpath)", sql, StringComparison.Ordinal);
    }

    [Fact]
    public void The_database_filters_rows_of_others_and_deleted_and_unfinished_ones()
    {
        using var db = Open();
        Assert.Contains("v.account_id = @accountId AND v.deleted_at IS NULL", db.Indexes.OwnedBy("1").Live().ToQueryString(),
            StringComparison.Ordinal);
        Assert.Contains("v.indexed_at IS NOT NULL", db.Videos.Indexed().ToQueryString(), StringComparison.Ordinal);
    }
}
