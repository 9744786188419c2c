//! Days and dates of the proleptic Gregorian calendar.

/// Days since 1970 of a date; months and days beyond their range carry over.
pub(super) fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    // any year beyond this is past all that can be shown; it keeps the arithmetic in range
    let year = year.clamp(-292_277_022_400, 292_277_026_600);
    let month = month.clamp(-1 << 40, 1 << 40);
    let day = day.clamp(-1 << 46, 1 << 46);
    let year = year + (month - 1).div_euclid(12);
    let month = (month - 1).rem_euclid(12) + 1;
    // years start in March, so that the leap day is the last one
    let shifted = if month <= 2 { year - 1 } else { year };
    let era = shifted.div_euclid(400);
    let of_era = shifted.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468 + (day - 1)
}

/// The date of a day since 1970.
pub(super) fn civil_from_days(days: i64) -> (i64, u32, u32) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day = days.rem_euclid(146_097);
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let of_year = day - (365 * year + year / 4 - year / 100);
    let shifted = (5 * of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let small = |v: i64| u32::try_from(v).unwrap_or(0);
    let year = year + era * 400 + i64::from(month <= 2);
    (year, small(month), small(of_year - (153 * shifted + 2) / 5 + 1))
}

/// Days of a month.
pub(super) fn days_in(year: i64, month: i64) -> i64 {
    days_from_civil(year, month + 1, 1) - days_from_civil(year, month, 1)
}
