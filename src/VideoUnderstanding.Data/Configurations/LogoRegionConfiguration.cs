using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.Data.Configurations;

internal sealed class LogoRegionConfiguration : IEntityTypeConfiguration<LogoRegion>
{
    public void Configure(EntityTypeBuilder<LogoRegion> region)
    {
        region.ToTable("logo_regions");
        // The length follows once the model is known: VectorColumns.
        region.Property(row => row.Embedding).HasColumnType("halfvec");
        region.HasIndex(row => new { row.IndexId, row.VideoId });
        region.HasIndex(row => new { row.VideoId, row.Start });
    }
}
