using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.Data.Configurations;

internal sealed class VideoIndexConfiguration : IEntityTypeConfiguration<VideoIndex>
{
    public void Configure(EntityTypeBuilder<VideoIndex> index)
    {
        index.ToTable("video_indexes");
        index.HasOne<Account>().WithMany().HasForeignKey(row => row.AccountId).OnDelete(DeleteBehavior.Cascade);
        // Names are unique among indexes that are not deleted.
        index.HasIndex(row => new { row.AccountId, row.Name }).IsUnique().HasFilter("deleted_at IS NULL").HasDatabaseName(LiveNameIndex);
        index.HasIndex(row => new { row.AccountId, row.CreatedAt });
    }

    /// <summary>The unique index that is violated if a name is taken.</summary>
    internal const string LiveNameIndex = "ux_video_indexes_live_name";
}

internal sealed class VideoConfiguration : IEntityTypeConfiguration<Video>
{
    public void Configure(EntityTypeBuilder<Video> video)
    {
        video.ToTable("videos");
        video.HasOne<Account>().WithMany().HasForeignKey(row => row.AccountId).OnDelete(DeleteBehavior.Cascade);
        video.HasOne<VideoIndex>().WithMany().HasForeignKey(row => row.IndexId).OnDelete(DeleteBehavior.Cascade);
        video.Property(row => row.CustomMetadata).HasColumnType("jsonb");
        video.Property(row => row.NormalCustomMetadata).HasColumnType("jsonb");
        // jsonb_path_ops is smaller than the default operator class and supports containment (@>), the only operator that is used.
        video.HasIndex(row => row.NormalCustomMetadata).HasMethod("gin").HasOperators("jsonb_path_ops");
        video.HasIndex(row => new { row.AccountId, row.CreatedAt });
        video.HasIndex(row => new { row.IndexId, row.CreatedAt });
    }
}
