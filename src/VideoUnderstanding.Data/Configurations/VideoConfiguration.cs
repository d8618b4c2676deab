using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.Data.Configurations;

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
