using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.Data.Configurations;

internal sealed class FrameVectorConfiguration : IEntityTypeConfiguration<FrameVector>
{
    public void Configure(EntityTypeBuilder<FrameVector> frame)
    {
        frame.ToTable("frame_vectors");
        // The length follows once the model is known: VectorColumns. Vector indexes are on the tables of large indexes only.
        frame.Property(row => row.Embedding).HasColumnType("halfvec");
        frame.HasIndex(row => new { row.IndexId, row.VideoId });
        frame.HasIndex(row => new { row.VideoId, row.Start });
    }
}
