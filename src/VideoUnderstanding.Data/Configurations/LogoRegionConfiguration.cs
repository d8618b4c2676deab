using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.Data.Configurations;

internal sealed class LogoRegionConfiguration : IEntityTypeConfiguration<LogoRegion>
{
    public void Configure(EntityTypeBuilder<LogoRegion> region)
    {
        region.ToTable("logo_regions");
        // VectorColumns sets the number of dimensions.
        region.Property(row => row.Embedding).HasColumnType("halfvec");
        region.HasIndex(row => new { row.IndexId, row.VideoId });
        region.HasIndex(row => new { row.VideoId, row.Start });
    }
}
