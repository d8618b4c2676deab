using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.Data.Configurations;

internal sealed class FrameVectorConfiguration : IEntityTypeConfiguration<FrameVector>
{
    public void Configure(EntityTypeBuilder<FrameVector> frame)
    {
        frame.ToTable("frame_vectors");
        frame.HasOne<Video>().WithMany().HasForeignKey(row => row.VideoId).OnDelete(DeleteBehavior.Cascade);
        // The length and the vector index follow once the model is known: VectorColumns.
        frame.Property(row => row.Embedding).HasColumnType("halfvec");
        frame.HasIndex(row => new { row.IndexId, row.VideoId });
        frame.HasIndex(row => new { row.VideoId, row.Start });
    }
}
