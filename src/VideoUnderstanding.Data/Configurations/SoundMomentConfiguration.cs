using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.Data.Configurations;

internal sealed class SoundMomentConfiguration : IEntityTypeConfiguration<SoundMoment>
{
    public void Configure(EntityTypeBuilder<SoundMoment> moment)
    {
        moment.ToTable("sound_moments");
        moment.HasIndex(row => new { row.IndexId, row.VideoId });
        moment.HasIndex(row => new { row.VideoId, row.Start });
        // Finds the moments of some classes.
        moment.HasIndex(row => row.Classes).HasMethod("gin");
    }
}
