using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.Data.Configurations;

internal sealed class FrameVectorConfiguration : IEntityTypeConfiguration<FrameVector>
{
    public void Configure(EntityTypeBuilder<FrameVector> frame)
    {
        frame.ToTable("frame_vectors");
        // VectorColumns sets the number of dimensions. Only dedicated tables of large indexes have HNSW indexes.
        frame.Property(row => row.Embedding).HasColumnType("halfvec");
        frame.HasIndex(row => new { row.IndexId, row.VideoId });
        frame.HasIndex(row => new { row.VideoId, row.Start });
    }
}
