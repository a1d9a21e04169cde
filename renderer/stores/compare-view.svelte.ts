/** Owns which section of the page of comparisons is shown, so that other places can lead there. */

class CompareView {
  section = $state('Side by side');
}

export const compareView = new CompareView();
